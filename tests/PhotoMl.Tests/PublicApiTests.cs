using PublicApiGenerator;

namespace PhotoMl.Tests;

public class PublicApiTests
{
    // After a change that is meant: PHOTOML_APPROVE_API=tests/PhotoMl.Tests/approved/api.txt dotnet test
    [Fact]
    public void The_public_api_is_what_was_approved()
    {
        var api = typeof(PhotoMlException).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false });
        if (Environment.GetEnvironmentVariable("PHOTOML_APPROVE_API") is { Length: > 0 } path)
        {
            File.WriteAllText(path, api);
        }

        var approved = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "approved", "api.txt"));
        Assert.Equal(approved, api, ignoreLineEndingDifferences: true);
    }
}
