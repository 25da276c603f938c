namespace PhotoMl.Quality;

/// <summary>What makes one photo suspicious; whether anything is wrong with it only a person can say.</summary>
public enum QualityIssue
{
    /// <summary>It cannot be read.</summary>
    Unreadable,

    /// <summary>Its name says another format than its content.</summary>
    WrongExtension,

    /// <summary>Its shorter side has fewer than 64 pixels.</summary>
    Tiny,

    /// <summary>It shows one single shade.</summary>
    OneShade,

    /// <summary>At least 95 % of it is nearly black.</summary>
    NearlyBlack,

    /// <summary>At least 95 % of it is nearly white.</summary>
    NearlyWhite,

    /// <summary>Even its sharpest part is far less sharp than is usual in the collection.</summary>
    Blurred,
}
