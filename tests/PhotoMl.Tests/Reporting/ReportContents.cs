namespace PhotoMl.Tests.Reporting;

/// <summary>Made-up reports with everything in them that a report can have.</summary>
internal static class ReportContents
{
    public const string Hostile = "<script>alert(1)</script>\"&'";

    public static byte[] Png { get; } = ImageFixture.EncodeGrey(SKEncodedImageFormat.Png, 8, 8, (x, y) => (byte)(x * y));

    /// <summary>Of four cats one was predicted as the hostile class, and of two of that class both rightly.</summary>
    public static ClassifierReportContent Classifier()
    {
        var confusion = new ConfusionMatrix(["cat", Hostile], [(0, 0), (0, 0), (0, 0), (0, 1), (1, 1), (1, 1)]);
        return new ClassifierReportContent
        {
            Model = $"run {Hostile}",
            ModelHash = "abc123",
            Data = "six photos",
            Report = new CalibratedReport
            {
                Report = new ClassificationReport(confusion, 0.4321, TimeSpan.Zero),
                Temperature = 1.25,
                Calibration = new CalibrationReport([Bin(0.5, 0.75, 2, 0.6, 0.5), Bin(0.75, 1, 4, 0.9, 1)]),
                Uncalibrated = new CalibrationReport([Bin(0.5, 1, 6, 0.99, 0.75)]),
                Sets = new() { Target = 0.9, Images = 6, Covered = 5, SetSizes = 7, Single = 4, SingleCorrect = 3, Lists = 1 },
            },
            Remarks = ["These figures flatter."],
            History = [Epoch(1, 2, 0.3, 2.5, 0.2, 0.25), Epoch(2, 1, 0.6, double.NaN, 0.5, null), Epoch(3, 0.5, 0.9, 1.5, 0.6, 0.5)],
            Epoch = 3,
            TrainCounts = [40, 7],
            Mistakes = [new ReportedImage($"{Hostile}.jpg", "cat", Hostile, 0.875, Png, Png)],
            LeastCertain = [new ReportedImage("b.jpg", "cat", "cat", 0.51, Png)],
            DataProblems = ["two copies"],
            Training = [("Seed", "7")],
            Environment = [("Processor", "one")],
        };
    }

    private static ReliabilityBin Bin(double low, double high, long images, double confidence, double accuracy) =>
        new() { Low = low, High = high, Images = images, Confidence = confidence, Accuracy = accuracy };

    private static EpochReport Epoch(int epoch, double trainLoss, double trainAccuracy, double loss, double accuracy, double? balanced) =>
        TrainingRuns.Report(epoch, trainLoss) with
        {
            TrainAccuracy = trainAccuracy, ValidationLoss = loss, ValidationAccuracy = accuracy, ValidationBalancedAccuracy = balanced,
        };
}
