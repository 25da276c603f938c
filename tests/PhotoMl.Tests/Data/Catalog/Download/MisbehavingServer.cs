using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PhotoMl.Tests.Data;

/// <summary>What a test server was asked.</summary>
internal sealed record Request(string Path, long? RangeStart, string? IfRange);

/// <summary>What a test server answers: a head, as much of a body as it likes, and then it hangs up or hangs.</summary>
internal sealed record Reply(string Head, byte[] Body, bool Hang = false)
{
    public static Reply Status(int code) => new($"HTTP/1.1 {code} Trouble\r\nContent-Length: 0\r\n", []);

    /// <summary>A file, or the rest of it; <paramref name="send"/> sends less than was promised.</summary>
    public static Reply File(byte[] content, Request request, string? tag = null, int? send = null, bool ranges = true)
    {
        var start = ranges && request.RangeStart is { } from && (request.IfRange is null || request.IfRange == tag) ? (int)from : 0;
        if (start >= content.Length)
        {
            return Status(416);
        }

        var status = start > 0 ? "206 Partial Content" : "200 OK";
        var range = start > 0 ? $"Content-Range: bytes {start}-{content.Length - 1}/{content.Length}\r\n" : "";
        var head = $"HTTP/1.1 {status}\r\nContent-Length: {content.Length - start}\r\n{range}{(tag is null ? "" : $"ETag: {tag}\r\n")}";
        return new Reply(head, content[start..Math.Min(content.Length, start + (send ?? content.Length))]);
    }
}

/// <summary>An HTTP server on the loopback address that answers as badly as a test wants.</summary>
internal sealed class MisbehavingServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, Func<Request, Reply>> _answers = new();

    public MisbehavingServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public ConcurrentQueue<Request> Requests { get; } = new();

    /// <summary>What is answered to the paths that start so; the longest start wins.</summary>
    public Func<Request, Reply> this[string start]
    {
        set => _answers[start] = value;
    }

    public Uri Address(string path) => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/{path}");

    /// <summary>Answers with the files of a set, as a good server does.</summary>
    public void Serve(SmallSet set, string under = "/")
    {
        foreach (var file in set.Entry.Files)
        {
            var content = IdxBytes.Gzip(set.Content[file.Role]);
            this[$"{under}{file.Name}.gz"] = request => Reply.File(content, request, "\"1\"");
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            var stop = _stop.Token;
            while (true)
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync(stop), stop);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task AnswerAsync(TcpClient client, CancellationToken stop)
    {
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                var request = await ReadRequestAsync(stream, stop);
                Requests.Enqueue(request);
                var answer = _answers.Where(item => request.Path.StartsWith(item.Key, StringComparison.Ordinal)).MaxBy(item => item.Key.Length).Value;
                var reply = answer?.Invoke(request) ?? Reply.Status(404);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(reply.Head + "Connection: close\r\n\r\n"), stop);
                await stream.WriteAsync(reply.Body, stop);
                if (reply.Hang)
                {
                    await Task.Delay(TimeSpan.FromSeconds(20), stop);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
        }
    }

    private static async Task<Request> ReadRequestAsync(NetworkStream stream, CancellationToken stop)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var path = (await reader.ReadLineAsync(stop) ?? "GET / HTTP/1.1").Split(' ')[1];
        long? start = null;
        string? condition = null;
        while (await reader.ReadLineAsync(stop) is { Length: > 0 } line)
        {
            if (line.StartsWith("Range: bytes=", StringComparison.OrdinalIgnoreCase))
            {
                start = long.Parse(line["Range: bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            }
            else if (line.StartsWith("If-Range: ", StringComparison.OrdinalIgnoreCase))
            {
                condition = line["If-Range: ".Length..];
            }
        }

        return new Request(path, start, condition);
    }
}
