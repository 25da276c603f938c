namespace PhotoMl.Cli.Output;

/// <summary>For whom predictions are written.</summary>
internal enum PredictionFormat
{
    /// <summary>For people: a line a photo.</summary>
    Text,

    /// <summary>For programs: a line of JSON a photo.</summary>
    Json,

    /// <summary>For spreadsheets: a record a photo.</summary>
    Csv,
}
