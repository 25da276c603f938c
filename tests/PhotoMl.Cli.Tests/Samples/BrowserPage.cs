using System.Net.WebSockets;
using PhotoMl.Tests.Reporting;

namespace PhotoMl.Cli.Tests.Samples;

/// <summary>A page in Chromium, steered by the DevTools protocol.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private readonly List<string> _complaints = [];
    private int _last;

    private BrowserPage(Process process) => _process = process;

    /// <summary>What the page or its policy complained of.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    public static async Task<BrowserPage> OpenAsync(Uri address, string profile)
    {
        // Without the options against it the browser itself calls its maker.
        var process = Process.Start(new ProcessStartInfo(
            FactWithChromiumAttribute.Browser!,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
                "--remote-debugging-port=0", $"--user-data-dir={profile}", "--window-size=800,1000", "about:blank",
            ])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var page = new BrowserPage(process);
        try
        {
            await page.ConnectAsync();
            await page.CallAsync("Log.enable");
            await page.CallAsync("Page.enable");
            await page.CallAsync("Page.navigate", new { url = address.AbsoluteUri });
            await page.WaitForAsync($"location.href === '{address.AbsoluteUri}' && document.readyState === 'complete'");
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    /// <summary>Computes an expression that gives a text.</summary>
    public async Task<string> EvaluateAsync(string expression) =>
        $"{(await CallAsync("Runtime.evaluate", new { expression, returnByValue = true })).GetProperty("result").GetProperty("value")}";

    /// <summary>Waits until an expression is true.</summary>
    public async Task WaitForAsync(string expression)
    {
        for (var watch = Stopwatch.StartNew(); await EvaluateAsync(expression) != bool.TrueString; await Task.Delay(50))
        {
            Assert.True(watch.Elapsed < Patience, $"{expression} does not become true. {string.Join("; ", _complaints)}");
        }
    }

    /// <summary>Chooses a file as a user does in the browser's dialogue.</summary>
    public async Task ChooseFileAsync(string selector, string path)
    {
        var root = (await CallAsync("DOM.getDocument")).GetProperty("root").Int("nodeId");
        var node = (await CallAsync("DOM.querySelector", new { nodeId = root, selector })).Int("nodeId");
        await CallAsync("DOM.setFileInputFiles", new { nodeId = node, files = new[] { path } });
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ConnectAsync()
    {
        const string Announcement = "DevTools listening on ";
        using var patience = new CancellationTokenSource(Patience);
        while (await _process.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                var port = new Uri(line[Announcement.Length..]).Port;
                _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
                using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
                using var pages = JsonDocument.Parse(
                    await client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/json/list"), patience.Token));
                var page = pages.RootElement.EnumerateArray().Single(entry => entry.Text("type") == "page");
                _socket.Options.Proxy = null;
                await _socket.ConnectAsync(new Uri(page.Text("webSocketDebuggerUrl")), patience.Token);
                return;
            }
        }

        throw new InvalidOperationException("The browser does not start.");
    }

    private async Task<JsonElement> CallAsync(string method, object? parameters = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        var id = ++_last;
        var call = JsonSerializer.SerializeToUtf8Bytes(new { id, method, @params = parameters ?? new { } });
        await _socket.SendAsync(call, WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        while (true)
        {
            var message = await ReceiveAsync(patience.Token);
            if (message.TryGetProperty("id", out var answered) && answered.GetInt32() == id)
            {
                return message.TryGetProperty("result", out var result)
                    ? result
                    : throw new InvalidOperationException($"{method}: {message}");
            }

            if (message.TryGetProperty("method", out var sent) && sent.GetString() == "Log.entryAdded")
            {
                _complaints.Add(message.GetProperty("params").GetProperty("entry").Text("text"));
            }
        }
    }

    private async Task<JsonElement> ReceiveAsync(CancellationToken cancellation)
    {
        var buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, cancellation);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonDocument.Parse(Encoding.UTF8.GetString(message.ToArray())).RootElement;
    }
}
