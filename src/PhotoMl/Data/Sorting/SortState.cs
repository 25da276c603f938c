namespace PhotoMl.Data;

/// <summary>What a line of a journal says.</summary>
internal enum SortState
{
    /// <summary>The first line.</summary>
    Header,

    /// <summary>A photo is to be put in its place.</summary>
    Plan,

    /// <summary>A folder is about to be made.</summary>
    Folder,

    /// <summary>A temporary file is about to be made.</summary>
    Begin,

    /// <summary>It is whole, and about to get its name.</summary>
    Name,

    /// <summary>It has its name.</summary>
    Done,

    /// <summary>It could not be put in its place, and nothing of it is left.</summary>
    Failed,

    /// <summary>It was taken away again.</summary>
    Undone,
}
