namespace PhotoMl.Data;

/// <summary>Which halves of a data set are wished for.</summary>
[Flags]
public enum DatasetSplits
{
    /// <summary>Neither half.</summary>
    None = 0,

    /// <summary>The images to train on.</summary>
    Train = 1,

    /// <summary>The images to judge by.</summary>
    Test = 2,

    /// <summary>Both halves.</summary>
    Both = Train | Test,
}
