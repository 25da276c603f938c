namespace PhotoMl.Runtime;

/// <summary>Thrown where libtorch computes a layer wrongly on this processor whichever way it is asked.</summary>
public sealed class UnsupportedProcessorException : PhotoMlException
{
    internal UnsupportedProcessorException(string layer)
        : base($"{ProcessorFeatures.Name}: expected results as in float64 but every way to compute {layer} gives others; 'photoml doctor' lists the errors.")
    {
    }
}
