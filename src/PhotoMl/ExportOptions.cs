using PhotoMl.Data;
using PhotoMl.Export;

namespace PhotoMl;

/// <summary>How a model is exported; see <see cref="Classifier.Export"/> and <see cref="Generator.Export"/>.</summary>
public sealed record ExportOptions
{
    /// <summary>The format of the file. Default null: by its extension.</summary>
    public ExportFormat? Format { get; init; }

    /// <summary>Whether a classifier gives calibrated probabilities in place of logits; ONNX only. Default not.</summary>
    public bool Probabilities { get; init; }

    /// <summary>Whether a classifier computes in int8, by ranges that are measured on training images; ONNX only. Default not: in
    /// float32.</summary>
    public bool Int8 { get; init; }

    /// <summary>Whether a generator's weights are stored in float16, half as large; its images differ by less than half a step of a pixel.
    /// ONNX only. Default not.</summary>
    public bool Float16 { get; init; }

    /// <summary>The data set of <see cref="Int8"/>: a known set, a folder, or a CSV file. Default null: what the model was trained
    /// on.</summary>
    public string? Data { get; init; }

    /// <summary>How the data set is found and read.</summary>
    public DatasetLoadOptions Loading { get; init; } = new();

    /// <summary>Is given lines for the user. Default nobody.</summary>
    public IProgress<StatusMessage>? Messages { get; init; }
}
