using PhotoMl.Models;
using PhotoMl.Runtime;
using PhotoMl.Training;

namespace PhotoMl.Cli;

/// <summary>Opens the model that a command names.</summary>
internal static class ModelSource
{
    /// <summary>The model file of a file or run folder.</summary>
    public static string PathOf(string model) => Directory.Exists(model) ? RunFolder.ModelPathIn(model) : model;

    /// <summary>Reads a generator.</summary>
    /// <param name="model">A model file or a run folder.</param>
    /// <param name="precision">The number format of its larger products.</param>
    public static LoadedGenerator LoadGenerator(string model, Precision precision)
    {
        var loaded = GeneratorFile.Load(PathOf(model));
        loaded.Model.Precision = precision;
        return loaded;
    }

    /// <summary>Reads a classifier.</summary>
    /// <param name="model">A model file or a run folder.</param>
    /// <param name="precision">The number format of its convolutions.</param>
    public static LoadedClassifier Load(string model, Precision precision)
    {
        var loaded = ClassifierFile.Load(PathOf(model));
        loaded.Model.Precision = precision;
        return loaded;
    }
}
