namespace PhotoMl.Tests.Training;

/// <summary>The checkpoint of a run that was stopped, to be changed and resumed.</summary>
internal sealed class StoredCheckpoint : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Action<RunFolder> _resume;

    public StoredCheckpoint(byte[] valid, Action<RunFolder> resume)
    {
        _resume = resume;
        Path = _folder.Write($"run/{RunFolder.CheckpointName}", valid);
    }

    public string Path { get; }

    /// <summary>The checkpoint that an interrupted run leaves in the folder it is given.</summary>
    public static byte[] Of(Action<string> interrupt)
    {
        using var folder = new TemporaryFolder();
        interrupt(folder.File("run"));
        return File.ReadAllBytes(folder.File("run", RunFolder.CheckpointName));
    }

    public RunFolder Open() => RunFolder.Open(_folder.File("run"));

    public void Write(byte[] content) => File.WriteAllBytes(Path, content);

    public void Rewrite(Action<Dictionary<string, Tensor>>? changeTensors = null, Action<JsonNode, JsonNode>? changeMetadata = null)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        JsonNode stored;
        using (var reader = SafetensorsReader.Open(Path))
        {
            foreach (var name in reader.Tensors.Keys)
            {
                tensors[name] = reader.ReadTensor(name);
            }

            stored = JsonNode.Parse(reader.Metadata["photoml"])!;
        }

        changeTensors?.Invoke(tensors);
        changeMetadata?.Invoke(stored["info"]!, stored["state"]!);
        ModelFile.Write(Path, stored, tensors);
    }

    /// <summary>Resumes the run and disposes of it.</summary>
    public void Resume()
    {
        using var run = Open();
        _resume(run);
    }

    public string AssertRefused()
    {
        var exception = Assert.Throws<InvalidModelException>(Resume);

        Assert.StartsWith($"{Path}: expected ", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        return exception.Message;
    }

    public void Dispose() => _folder.Dispose();
}
