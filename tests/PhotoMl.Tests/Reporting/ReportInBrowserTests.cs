namespace PhotoMl.Tests.Reporting;

public sealed class ReportInBrowserTests : FolderTests
{
    [FactWithChromium]
    public void A_browser_finds_no_fault_in_the_page_asks_nothing_of_anyone_and_draws_it()
    {
        var page = ClassifierReportPage.Write(Folder.Path, ReportContents.Classifier());
        var messages = Open(page);

        Assert.DoesNotContain("CONSOLE", messages, StringComparison.Ordinal);
        var picture = ImageFile.Decode(Folder.File("page.png"));
        Assert.Equal((800, 1500), (picture.Width, picture.Height));
        Assert.True(picture.Rgb.Chunk(3).Select(rgb => (rgb[0], rgb[1], rgb[2])).Distinct().Count() > 50);
    }

    [FactWithChromium]
    public void A_page_that_asked_for_something_from_elsewhere_would_be_found_out()
    {
        // The page's own policy forbids it, and the browser says what it refused.
        var page = ClassifierReportPage.Write(Folder.Path, ReportContents.Classifier());
        var asking = File.ReadAllText(page).Replace("<main>", "<main><img src=\"http://127.0.0.1:9/x.png\" />", StringComparison.Ordinal);
        File.WriteAllText(page, asking);

        Assert.Contains("CONSOLE", Open(page), StringComparison.Ordinal);
    }

    // Without the options against it the browser itself calls its maker.
    private string Open(string page)
    {
        using var process = Process.Start(new ProcessStartInfo(
            FactWithChromiumAttribute.Browser!,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
                $"--user-data-dir={Folder.File("profile")}", "--enable-logging=stderr", "--window-size=800,1500",
                $"--screenshot={Folder.File("page.png")}", new Uri(page).AbsoluteUri,
            ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var (error, output) = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), "The browser does not end.");
        return error.Result + output.Result;
    }
}
