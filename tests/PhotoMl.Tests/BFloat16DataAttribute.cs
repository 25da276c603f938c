using System.Reflection;
using Xunit.Sdk;

namespace PhotoMl.Tests;

/// <summary>A row of a theory that takes many steps in bfloat16, and is reported as skipped on a processor that takes ten times as long for
/// them.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class BFloat16DataAttribute : DataAttribute
{
    private readonly object?[] _row;

    public BFloat16DataAttribute(params object?[] row)
    {
        _row = row;
        Skip = ProcessorFeatures.HasBFloat16 ? null! : "Needs a processor that multiplies bfloat16.";
    }

    public override IEnumerable<object?[]> GetData(MethodInfo testMethod) => [_row];
}
