using System.Xml.Linq;

namespace PhotoMl.Tests.Reporting;

public sealed class ClassifierReportPageTests : FolderTests
{
    [Fact]
    public void The_page_shows_every_figure_as_text()
    {
        var text = Parse().Value;

        // Five of six; the mean of 3/4 and 2/2; precision and F1 of cat 3/3 and 6/7, of the other class 2/3 and 4/5.
        string[] expected =
        [
            "83.33 %", "43.65 % to 96.99 %", "87.50 %", "0.4321", "1 predicted as another class", "These figures flatter.",
            "The weights are those of epoch 3.", "85.71 %", "66.67 %", "80.00 %", "two copies", "abc123", "Seed7", "Processorone",
            "(87.50 %), is cat", "cat (51.00 %), right",
            "temperature 1.250: expected calibration error 0.1000", // (2 x 0.1 + 4 x 0.1) / 6
            "gives them: expected calibration error 0.2400",
            "target coverage 90.00 %", "83.33 % (95 % interval 43.65 % to 96.99 %)", "66.67 %, 75.00 % of them right",
            "A short list16.67 %", "Unsure16.67 %",
            "predicted as cat: 0 of 2 (0.00 %)", "cat predicted as <script>alert(1)</script>\"&': 1 of 4 (25.00 %)",
        ];
        Assert.All(expected, figure => Assert.Contains(figure, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Names_that_look_like_markup_stay_text_and_nothing_is_fetched_or_run()
    {
        var page = Parse();
        var attributes = page.Descendants().Attributes().ToList();

        Assert.Empty(page.Descendants("script"));
        Assert.All(
            attributes.Where(attribute => attribute.Name.LocalName is "src" or "href" or "xlink:href"),
            source => Assert.StartsWith("data:image/png;base64,", source.Value, StringComparison.Ordinal));
        Assert.DoesNotContain(attributes, attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotContain("http", page.Descendants("style").Single().Value, StringComparison.Ordinal);
        Assert.Single(attributes, attribute => attribute.Value.StartsWith("default-src 'none'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_name_of_any_characters_ends_no_page()
    {
        var paragraph = new XElement("p", new XAttribute("title", "d\u0001e"), "f\ud800g\uffffh 😀");
        var page = HtmlPage.Render("a\0b\u202E", "c\e[2K\u2066\u200F", [paragraph]);

        Assert.Contains("<h1>a?b?</h1>", page, StringComparison.Ordinal);
        Assert.Contains("<p>c?[2K??</p>", page, StringComparison.Ordinal);
        Assert.Contains("<p title=\"d?e\">f\ufffdg?h 😀</p>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_come_whole_and_charts_are_drawn()
    {
        var page = Parse();
        var sources = page.Descendants("img").Select(image => image.Attribute("src")!.Value);
        var pictures = sources.Select(source => Convert.FromBase64String(source["data:image/png;base64,".Length..])).ToArray();

        Assert.Equal(3, pictures.Length);
        Assert.All(pictures, picture => Assert.Equal(ReportContents.Png, picture));
        Assert.All(page.Descendants("img"), image => Assert.NotEmpty(image.Attribute("alt")!.Value));
        Assert.Equal(6, page.Descendants("svg").Count()); // two curves, the matrix, the class counts, two reliability diagrams
        Assert.All(page.Descendants("svg"), drawing => Assert.NotEmpty(drawing.Attribute("aria-label")!.Value));
    }

    [Fact]
    public void The_matrix_of_many_classes_has_a_bounded_number_of_cells()
    {
        var images = Enumerable.Range(0, 300 * 300).Select(i => (i / 300L, i % 3 == 0 ? i / 300L : i % 300));
        var matrix = new ConfusionMatrix([.. Enumerable.Range(0, 300).Select(i => $"class {i}")], images);
        var (drawing, missing) = ConfusionChart.Draw(matrix);
        var kinds = drawing.Descendants("rect").Select(cell => cell.Attribute("class")!.Value).ToArray();
        var (right, wrong) = (kinds.Count(kind => kind == "cell cell-right"), kinds.Count(kind => kind == "cell cell-wrong"));

        Assert.Equal((300, ConfusionChart.MostCells - 300), (right, wrong)); // the right ones have the largest shares
        Assert.Equal(matrix.ToRows().Sum(row => row.Count(count => count > 0)) - ConfusionChart.MostCells, missing);
    }

    [Fact]
    public void A_figure_that_is_no_number_breaks_its_line_and_spoils_no_chart()
    {
        Assert.DoesNotContain("NaN", ClassifierReportPage.Render(ReportContents.Classifier()), StringComparison.Ordinal);

        // Of the validation loss only the first and the third epoch are known, which no line joins.
        var loss = Parse().Descendants("svg").First();
        Assert.Equal(2, loss.Descendants("circle").Count(mark => mark.Attribute("class")!.Value == "mark mark-2"));
        Assert.Equal(["line line-1"], loss.Descendants("path").Select(line => line.Attribute("class")!.Value));
    }

    [Fact]
    public void A_class_without_images_has_no_figures()
    {
        var confusion = new ConfusionMatrix(["cat", "dog"], [(0, 0)]);
        var content = ReportContents.Classifier();
        var report = content.Report with { Report = new ClassificationReport(confusion, double.NaN, TimeSpan.Zero) };
        var page = Parse(content with { Report = report });

        Assert.Contains(page.Descendants("tr"), row => row.Value == "dog–––07");
        Assert.Contains(page.Descendants("li"), card => card.Value.StartsWith("–Loss", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_not_known_is_left_out()
    {
        var text = Parse(ReportContents.Classifier() with
        {
            History = [], TrainCounts = [], Mistakes = [], LeastCertain = [], DataProblems = null, Training = [],
        }).Value;

        Assert.All(
            ["Learning curves", "Training set", "confident", "Least", "The data", "Training"],
            heading => Assert.DoesNotContain(heading, text, StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_is_made_and_a_page_that_is_there_replaced()
    {
        var (content, made, taken) = (ReportContents.Classifier(), Folder.File("new", "folder"), Folder.Write("taken", [1]));
        var path = ClassifierReportPage.Write(made, content with { Data = "first" });
        Assert.Equal(path, ClassifierReportPage.Write(made, content with { Data = "second" }));

        Assert.Equal(Path.Combine(made, "report.html"), path);
        Assert.Contains("second", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(made));
        var refusal = Assert.Throws<OutputException>(() => ClassifierReportPage.Write(taken, content)).Message;
        Assert.StartsWith(taken, refusal, StringComparison.Ordinal);
    }

    // The page is well-formed XML too, but for its first line.
    private static XElement Parse(ClassifierReportContent? content = null)
    {
        var page = ClassifierReportPage.Render(content ?? ReportContents.Classifier());
        Assert.StartsWith("<!DOCTYPE html>\n", page, StringComparison.Ordinal);
        return XElement.Parse(page["<!DOCTYPE html>\n".Length..]);
    }
}
