namespace PhotoMl.Tests;

/// <summary>Marks a test that takes long, and is reported as skipped unless <c>$PHOTOML_SLOW_TESTS</c> is set.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SlowFactAttribute : FactAttribute
{
    public SlowFactAttribute()
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("PHOTOML_SLOW_TESTS")))
        {
            Skip = "Takes long; set $PHOTOML_SLOW_TESTS to run it.";
        }
    }
}
