namespace PhotoMl.Training;

/// <summary>What a random stream of a run is for; part of the path its numbers are derived from.</summary>
internal enum RandomStream
{
    /// <summary>The order of an epoch.</summary>
    Order = 2,

    /// <summary>The variations of a step's images.</summary>
    Augmentation = 3,

    /// <summary>The latents of a step's generated images.</summary>
    Latents = 4,

    /// <summary>What a step's discriminator drops.</summary>
    Dropout = 5,

    /// <summary>Where between real and generated images the gradient penalty is taken.</summary>
    Penalty = 6,

    /// <summary>What the averaged generator's batch-norm statistics are measured on.</summary>
    Statistics = 7,

    /// <summary>The weights a generative run begins with.</summary>
    Weights = 8,

    /// <summary>The pictures that are checked after each epoch.</summary>
    Watch = 9,

    /// <summary>The order of the images of a class, where every class is drawn equally often.</summary>
    ClassOrder = 10,

    /// <summary>How a step's images are mixed with each other.</summary>
    Mixing = 11,
}
