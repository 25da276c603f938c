using PhotoMl.Tests.Reporting;

namespace PhotoMl.Cli.Tests.Samples;

/// <summary>The service tells what the tool tells, to many at once, refuses what is no photo, and works in a browser.</summary>
[Collection(TorchCollection.Name)]
public sealed class ServeModelTests(TrainedModel trained, ModelService service) : FolderTests, IClassFixture<ModelService>
{
    [Fact]
    public async Task Many_requests_at_once_get_the_answers_of_the_tool()
    {
        var photos = Enumerable.Range(0, Bars.Classes)
            .Select(label => File.ReadAllBytes(Bars.WritePng(Folder.File($"{label}.png"), label))).ToList();
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => PredictAsync(photos[i % Bars.Classes])));

        Assert.Equal(Enumerable.Range(0, 24).Select(i => $"{i % Bars.Classes}"), answers.Select(answer => answer.Label));
        foreach (var (label, probability) in answers.Take(Bars.Classes))
        {
            var expected = Tool.Run($"predict {trained.Run} {Folder.File($"{label}.png")} --json --quiet").Json;
            Assert.Equal(expected.Number("probability"), probability, 5);
        }
    }

    [Fact]
    public async Task Explanations_and_predictions_go_on_side_by_side()
    {
        var photo = File.ReadAllBytes(Bars.WritePng(Folder.File("bar.png"), label: 1));
        var explanations = Enumerable.Range(0, 3).Select(_ => service.PostAsync("/explain", photo, "image/png")).ToList();
        var predictions = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PredictAsync(photo)));
        var pictures = new List<byte[]>();
        foreach (var response in await Task.WhenAll(explanations))
        {
            Assert.Contains(response.Headers.GetValues("X-Map-Better-Than-Random").Single(), (string[])["yes", "no"]);
            pictures.Add(await response.Content.ReadAsByteArrayAsync());
        }

        Assert.All(predictions, prediction => Assert.Equal("1", prediction.Label));
        Assert.All(pictures, picture => Assert.Equal(pictures[0], picture));
        Assert.Equal(560, ImageFile.Decode(pictures[0], "overlay").Width); // twice the 280 pixels of the photo
    }

    [Fact]
    public async Task What_is_no_photo_is_refused_with_a_reason()
    {
        var photo = File.ReadAllBytes(Bars.WritePng(Folder.File("bar.png"), label: 1));
        await AssertRefused(415, "image/jpeg, image/png", photo, "image/tiff");
        await AssertRefused(415, "no content type", photo, null);
        await AssertRefused(413, "at most 20 MB", new byte[(20 << 20) + 1], "image/png");
        await AssertRefused(422, "expected a JPEG", "hello"u8.ToArray(), "image/png");
        await AssertRefused(422, "empty", [], "image/png");
        await AssertRefused(422, "cut off", photo[..^40], "image/png");

        async Task AssertRefused(int status, string reason, byte[] content, string? type)
        {
            foreach (var path in new[] { "/predict", "/explain" })
            {
                using var response = await service.PostAsync(path, content, type);
                Assert.Equal(status, (int)response.StatusCode);
                Assert.Contains(
                    reason, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Text("problem"),
                    StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task The_page_loads_nothing_from_elsewhere_and_no_other_name_leads_to_it()
    {
        using var page = await service.GetAsync("/");
        Assert.Contains("default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("http", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(service.Address.IsLoopback);

        using var other = await service.GetAsync("/", host: "photos.example");
        Assert.Equal(400, (int)other.StatusCode);
    }

    [Fact]
    public void A_port_that_is_taken_is_refused_in_one_line()
    {
        var result = SampleProcess.Run(
            "ServeModel", Folder.Path, Path.Combine(trained.Run, "model.safetensors"), $"{service.Address.Port}");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("address already in use", Assert.Single(result.ErrorLines), StringComparison.Ordinal);
    }

    [FactWithChromium]
    public async Task In_a_browser_a_photo_gets_its_class_and_its_map()
    {
        var photo = Bars.WritePng(Folder.File("bar.png"), label: 3);
        await using var browser = await BrowserPage.OpenAsync(service.Address, Folder.File("profile"));
        await browser.ChooseFileAsync("#file", photo);

        await browser.WaitForAsync("!document.getElementById('overlay').hidden && document.getElementById('overlay').complete");
        Assert.EndsWith("3", await browser.EvaluateAsync("document.getElementById('label').textContent"), StringComparison.Ordinal);
        Assert.StartsWith(
            "What speaks for 3", await browser.EvaluateAsync("document.getElementById('belief').textContent"), StringComparison.Ordinal);
        Assert.Equal("560", await browser.EvaluateAsync("String(document.getElementById('overlay').naturalWidth)"));

        File.WriteAllText(Folder.File("text.png"), "hello");
        await browser.ChooseFileAsync("#file", Folder.File("text.png"));
        await browser.WaitForAsync("!document.getElementById('problem').hidden && document.getElementById('answer').hidden");
        Assert.StartsWith(
            "expected a JPEG", await browser.EvaluateAsync("document.getElementById('problem').textContent"), StringComparison.Ordinal);
        Assert.DoesNotContain(
            browser.Complaints, complaint => !complaint.Contains("422", StringComparison.Ordinal)); // the answer that was asked for
    }

    private async Task<(string Label, double Probability)> PredictAsync(byte[] photo)
    {
        using var response = await service.PostAsync("/predict", photo, "image/png");
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, text);
        var first = JsonDocument.Parse(text).RootElement.GetProperty("classes")[0];
        return (first.Text("label"), first.Number("probability"));
    }
}
