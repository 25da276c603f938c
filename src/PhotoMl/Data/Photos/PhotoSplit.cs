namespace PhotoMl.Data;

/// <summary>What a photo is for.</summary>
public enum PhotoSplit
{
    /// <summary>The collection does not say.</summary>
    Unassigned,

    /// <summary>To train on.</summary>
    Train,

    /// <summary>To choose the best epoch by.</summary>
    Validation,

    /// <summary>To judge by.</summary>
    Test,
}
