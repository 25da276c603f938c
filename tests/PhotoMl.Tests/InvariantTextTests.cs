using System.Text.Json;

namespace PhotoMl.Tests;

/// <summary>Text that the library makes is the same under every culture.</summary>
public sealed class InvariantTextTests
{
    private static readonly Dictionary<string, Func<string>> Texts = new()
    {
        ["an interpolated number"] = () => Refusal(() => new ClassifierTrainingOptions { LearningRate = -1234.5 }),
        ["the report of a classifier"] = () => ClassifierReportPage.Render(ReportContents.Classifier()),
        ["a row of metrics"] = () => MetricsFile.ToRow(TrainingRuns.Report(1, trainLoss: 1.5, seconds: 1234.5)),
        ["a row of metrics of a generator"] = () => MetricsFile.ToRow(GanRuns.Report(1, seconds: 1234.5)),
        ["a provenance record"] = () =>
            new ImageProvenance { ModelHash = "abc", Seed = -1, Index = 1234, Truncation = 1.5, Precision = Precision.Float32 }.ToText(),
        ["a preprocessing"] = () => Refusal(() =>
            JsonSerializer.Deserialize<PhotoMl.Imaging.ImagePreprocessing>("""{"mean":[-0.5]}""", PhotoMlJson.Line)!),
    };

    public static TheoryData<string> Names => [.. Texts.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_what_it_is_under_the_invariant_culture(string name) => AssertSame(Texts[name]);

    [Fact]
    public void The_other_culture_differs() =>
        Assert.Equal("~1.234,50", Under(Foreign(), () => string.Format(CultureInfo.CurrentCulture, "{0:N2}", -1234.5)));

    [Theory]
    [MemberData(nameof(ExceptionMessageTests.Constructors), MemberType = typeof(ExceptionMessageTests))]
    public void A_message_is_what_it_is_under_the_invariant_culture(string constructor) =>
        AssertSame(() => ExceptionMessageTests.MessageOf(constructor));

    /// <summary>Runs something under a culture.</summary>
    internal static T Under<T>(CultureInfo culture, Func<T> make)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            return make();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static void AssertSame(Func<string> text) => Assert.Equal(Under(CultureInfo.InvariantCulture, text), Under(Foreign(), text));

    // Needs no libicu, which a named culture would.
    private static CultureInfo Foreign()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat = new NumberFormatInfo
        {
            NumberDecimalSeparator = ",",
            NumberGroupSeparator = ".",
            PercentDecimalSeparator = ",",
            PercentGroupSeparator = ".",
            PercentSymbol = "pct",
            NegativeSign = "~",
            NaNSymbol = "none",
            PositiveInfinitySymbol = "endless",
        };
        return culture;
    }

    private static string Refusal(Func<object> make) => Assert.ThrowsAny<ArgumentException>(make).Message;
}
