using PhotoMl.Training;

namespace PhotoMl.Cli;

/// <summary>Finds the model that a command names.</summary>
internal static class ModelSource
{
    /// <summary>The model file of a file or run folder.</summary>
    public static string PathOf(string model) => Directory.Exists(model) ? RunFolder.ModelPathIn(model) : model;
}
