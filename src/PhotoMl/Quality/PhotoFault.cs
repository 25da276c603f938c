namespace PhotoMl.Quality;

/// <summary>What makes one photo worth a look.</summary>
public enum PhotoFault
{
    /// <summary>It cannot be read.</summary>
    Unreadable,

    /// <summary>Its name says another format than its content.</summary>
    WrongExtension,

    /// <summary>It has few pixels.</summary>
    Tiny,

    /// <summary>It shows one single shade.</summary>
    OneShade,

    /// <summary>Nearly all of it is black.</summary>
    NearlyBlack,

    /// <summary>Nearly all of it is white.</summary>
    NearlyWhite,

    /// <summary>Even its sharpest part is far less sharp than is usual in the collection.</summary>
    Blurred,
}
