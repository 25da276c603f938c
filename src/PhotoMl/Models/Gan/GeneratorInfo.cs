using PhotoMl.Data;

namespace PhotoMl.Models;

/// <summary>What a generator's model file stores beside the weights.</summary>
public sealed record GeneratorInfo
{
    /// <summary>The version of the model file this library writes, and the newest it reads.</summary>
    public const int CurrentFormat = 2;

    /// <summary>The kind of model a generator's file names.</summary>
    public const string GeneratorKind = "generator";

    /// <summary>The version of the model file.</summary>
    public int FormatVersion { get; init; } = CurrentFormat;

    /// <summary>The kind of model.</summary>
    public string Kind { get; init; } = GeneratorKind;

    /// <summary>The sizes of the network.</summary>
    public required DcganOptions Network { get; init; }

    /// <summary>The names of the classes of the images it was trained on; of a conditional generator, in the order of its labels.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>How it was trained; null for weights from elsewhere.</summary>
    public TrainingSummary? Training { get; init; }

    /// <summary>Finds the label of a class that pictures can be asked for.</summary>
    /// <param name="name">The name of the class, or its number from 0.</param>
    /// <returns>The label; null where the generator is not conditional or has no such class.</returns>
    public int? FindClass(string name) => Network.Classes == 0 ? null : ClassNameList.Find(ClassNames, name);
}
