namespace PhotoMl.Data;

/// <summary>What became of a photo when it was read.</summary>
internal enum PhotoState
{
    /// <summary>It was not read yet.</summary>
    Unknown,

    /// <summary>Its pixels are there.</summary>
    Readable,

    /// <summary>Its content is no image that can be read, and will not be one until it changes.</summary>
    Damaged,

    /// <summary>It could not be opened, which may be otherwise the next time.</summary>
    Closed,
}
