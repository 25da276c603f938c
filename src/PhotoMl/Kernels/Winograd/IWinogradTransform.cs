namespace PhotoMl.Kernels;

/// <summary>One of the transforms of minimal filtering along one axis, for eight channels at a time.</summary>
internal unsafe interface IWinogradTransform
{
    /// <summary>The numbers it takes.</summary>
    static abstract int Inputs { get; }

    /// <summary>The numbers it gives.</summary>
    static abstract int Outputs { get; }

    /// <summary>Transforms numbers.</summary>
    /// <param name="from">The numbers, eight channels each.</param>
    /// <param name="step">From one number to the next, in floats.</param>
    /// <param name="to">The results, eight channels each.</param>
    /// <param name="toStep">From one result to the next, in floats.</param>
    static abstract void Apply(float* from, int step, float* to, int toStep);
}
