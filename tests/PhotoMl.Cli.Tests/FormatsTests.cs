using PhotoMl.Cli.Output;

namespace PhotoMl.Cli.Tests;

public sealed class FormatsTests
{
    [Fact]
    public void What_is_no_number_is_null_in_json()
    {
        using var output = new StringWriter();
        JsonLine.Write(output, new { A = double.NaN, B = double.PositiveInfinity, C = 0.1, D = (double?)1e-300, E = (double?)null });
        Assert.Equal("""{"a":null,"b":null,"c":0.1,"d":1E-300,"e":null}""", $"{output}".TrimEnd());
    }

    [Theory]
    [InlineData("cat", "cat")]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@x", "'@x")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("'x", "''x")] // so that whoever takes off the first apostrophe has the name
    [InlineData("=\"a\",b", "\"'=\"\"a\"\",b\"")]
    [InlineData("a=1", "a=1")]
    [InlineData("", "")]
    public void No_field_of_a_csv_file_is_a_formula(string field, string expected)
    {
        using var output = new StringWriter();
        CsvLine.Write(output, [field]);
        Assert.Equal($"{expected}{output.NewLine}", $"{output}");
    }

    [Theory]
    [InlineData("a\nb\u202ec\u2067d", "a?b?c?d")]
    [InlineData("مرحبا 😀", "مرحبا 😀")]
    public void Nothing_forges_a_line_or_turns_the_order_of_its_letters(string text, string expected) =>
        Assert.Equal(expected, Text.Printable(text));

    [Fact]
    public void Long_names_of_classes_keep_the_lines_of_predictions_short()
    {
        var (name, output) = (new string('x', 300), new StringWriter());
        var writer = new PredictionWriter(output, [new("1.jpg", null)], [name, "b"], top: 2, coverage: 0.9);
        ClassProbability[] ranking = [new(name, 0.9), new("b", 0.1)];
        writer.WriteText(new ImagePrediction("1.jpg", ranking));
        writer.WriteText(new ImagePrediction("1.jpg", ranking, Set: [name]));
        Assert.All($"{output}".TrimEnd().Split('\n'), line => Assert.InRange(line.Length, 40, 80));
    }
}
