namespace PhotoMl.Imaging;

/// <summary>What the user says about a picture that goes to a network which expects light figures on dark ground.</summary>
public enum ForegroundChoice
{
    /// <summary>Nothing: the picture's border decides.</summary>
    Auto,

    /// <summary>The figure is light on dark ground already.</summary>
    Light,

    /// <summary>The figure is dark on light ground: the picture is inverted.</summary>
    Dark,
}
