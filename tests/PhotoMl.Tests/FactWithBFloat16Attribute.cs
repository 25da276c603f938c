namespace PhotoMl.Tests;

/// <summary>Marks a test of many steps in bfloat16, and is reported as skipped on a processor that takes ten times as long for
/// them.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactWithBFloat16Attribute : FactAttribute
{
    public FactWithBFloat16Attribute()
    {
        if (!ProcessorFeatures.HasBFloat16)
        {
            Skip = "Needs a processor that multiplies bfloat16.";
        }
    }
}
