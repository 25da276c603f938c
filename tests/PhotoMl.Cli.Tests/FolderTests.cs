namespace PhotoMl.Cli.Tests;

/// <summary>Tests of which each has a folder of its own, gone after the test.</summary>
public abstract class FolderTests : IDisposable
{
    private protected TemporaryFolder Folder { get; } = new();

    /// <summary>Runs the tool with a cache of its own.</summary>
    private protected ToolResult RunCached(params string[] args) =>
        Tool.Run(args, onError: null, CancellationToken.None, Folder.File("cache"));

    public virtual void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }
}
