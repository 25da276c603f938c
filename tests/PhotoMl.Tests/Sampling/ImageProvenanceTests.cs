namespace PhotoMl.Tests.Sampling;

public sealed class ImageProvenanceTests : FolderTests
{
    private static readonly ImageProvenance Full = new()
    {
        ModelHash = new string('a', 64),
        Seed = long.MinValue,
        OtherSeed = long.MaxValue,
        Index = 0,
        Count = 12,
        Columns = 4,
        Scale = 3,
        Class = "\"ä\" 🙂\n",
        Truncation = 0.1,
        Precision = Precision.BFloat16,
        Version = "9.8.7",
    };

    [Fact]
    public void A_record_comes_back_from_a_PNG_file_as_it_was_and_is_one_line_of_JSON()
    {
        var least = new ImageProvenance { ModelHash = "b", Seed = 1, Index = long.MaxValue / 2, Precision = Precision.Float32 };

        Assert.Equal(Full, Read(Full.ToText()));
        Assert.Equal(least, Read(least.ToText()));
        Assert.DoesNotContain(Full.ToText(), char.IsControl);
        Assert.Equal(
            """{"format_version":1,"model_hash":"b","seed":1,"index":5,"count":1,"columns":1,"scale":1,"class":null"""
                + ""","precision":"float32","version":"1.0.0"}""",
            (least with { Index = 5, Version = "1.0.0" }).ToText());
    }

    [Fact]
    public void A_picture_without_a_record_has_none_and_what_is_no_PNG_is_refused()
    {
        Assert.Null(ImageProvenance.Read(Folder.Write("plain.png", PngBytes.Plain)));
        Assert.Null(ImageProvenance.Read(Folder.Write("other.png", PngText.Add(PngBytes.Plain, "PhotoMl", Full.ToText()))));
        Assert.Throws<UnreadableImageException>(() => ImageProvenance.Read(Folder.File("none.png")));
        Assert.Throws<UnreadableImageException>(() => ImageProvenance.Read(Folder.Write("text.png", [.. "no picture"u8])));
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"seed\":1,\"seed\":1}")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public void A_text_that_is_no_record_is_refused(string text) => AssertRefused(text);

    [Theory]
    [InlineData("format_version", "2")]
    [InlineData("format_version", "0")]
    [InlineData("format_version", "\"1\"")]
    [InlineData("model_hash", "null")]
    [InlineData("model_hash", "5")]
    [InlineData("seed", "1e300")]
    [InlineData("seed", "9223372036854775808")]
    [InlineData("seed", "\"1\"")]
    [InlineData("seed", "null")]
    [InlineData("other_seed", "0.5")]
    [InlineData("index", "-1")]
    [InlineData("index", "9223372036854775807")]
    [InlineData("count", "0")]
    [InlineData("count", "1000001")]
    [InlineData("count", "99999999999")]
    [InlineData("columns", "0")]
    [InlineData("columns", "1000001")]
    [InlineData("scale", "0")]
    [InlineData("scale", "65")]
    [InlineData("class", "5")]
    [InlineData("truncation", "0.001")]
    [InlineData("truncation", "\"NaN\"")]
    [InlineData("truncation", "\"Infinity\"")]
    [InlineData("truncation", "1e999")]
    [InlineData("precision", "\"int8\"")]
    [InlineData("precision", "1")]
    [InlineData("precision", "null")]
    [InlineData("version", "null")]
    [InlineData("model_hash", null)]
    [InlineData("seed", null)]
    [InlineData("index", null)]
    [InlineData("precision", null)]
    public void A_record_with_a_value_that_none_has_or_without_one_that_all_have_is_refused(string name, string? value)
    {
        var record = JsonNode.Parse(Full.ToText())!.AsObject();
        record.Remove(name);
        if (value is not null)
        {
            record[name] = JsonNode.Parse(value);
        }

        AssertRefused(record.ToJsonString());
    }

    [Fact]
    public void A_newer_format_is_named() =>
        Assert.Contains("found format 7", AssertRefused((Full with { FormatVersion = 7 }).ToText()).Message, StringComparison.Ordinal);

    [Property(MaxTest = 300)]
    public Property Any_characters_of_a_record_may_change_and_nothing_but_a_refusal_is_thrown()
    {
        var text = Full.ToText();
        var character = Gen.Elements("0123456789-+.eE\"{}[],:ntfxu\\\n".ToCharArray());
        var change = Gen.Choose(0, text.Length - 1).SelectMany(at => character.Select(value => (at, value)));
        return Prop.ForAll(Gen.NonEmptyListOf(change).ToArbitrary(), changes =>
        {
            var characters = text.ToCharArray();
            foreach (var (at, value) in changes.Take(4))
            {
                characters[at] = value;
            }

            try
            {
                Read(new string(characters));
            }
            catch (UnreadableImageException exception)
            {
                Assert.DoesNotContain(exception.Message, char.IsControl);
            }
        });
    }

    private ImageProvenance? Read(string text) =>
        ImageProvenance.Read(Folder.Write("picture.png", PngText.Add(PngBytes.Plain, ImageProvenance.Keyword, text)));

    private UnreadableImageException AssertRefused(string text)
    {
        var exception = Assert.Throws<UnreadableImageException>(() => Read(text));
        Assert.StartsWith($"{Folder.File("picture.png")}: expected a provenance record", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(exception.Message, char.IsControl);
        return exception;
    }
}
