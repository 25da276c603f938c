namespace PhotoMl.Training;

/// <summary>How training makes up for classes that have many more images than others.</summary>
public enum ClassBalance
{
    /// <summary>Not at all: every image counts the same, so frequent classes count most.</summary>
    None,

    /// <summary>Images of rare classes weigh more in the loss, in inverse proportion to how many there are.</summary>
    Weights,

    /// <summary>Every epoch draws each class equally often, the images of rare ones repeatedly.</summary>
    Sampler,

    /// <summary>Images that are recognised already count less, so that the hard ones lead.</summary>
    Focal,
}
