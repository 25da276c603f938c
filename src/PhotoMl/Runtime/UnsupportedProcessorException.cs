namespace PhotoMl.Runtime;

/// <summary>Thrown where every way to compute a layer gives wrong results on this processor.</summary>
public sealed class UnsupportedProcessorException : PhotoMlException
{
    internal UnsupportedProcessorException(string layer)
        : base(
            $"{ProcessorFeatures.Name}: expected results as in float64 but every way to compute {layer} gives others; "
            + "'photoml doctor' lists the errors.")
    {
    }
}
