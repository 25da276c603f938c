using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PhotoMl.Tests.Data;

/// <summary>What a test server answers: a head, as much of a body as it likes, and then it hangs up or hangs.</summary>
internal sealed record Reply(string Head, byte[] Body, bool Hang = false)
{
    public static Reply Status(int code) => new($"HTTP/1.1 {code} Trouble\r\nContent-Length: 0\r\n", []);

    /// <summary>A file; <paramref name="send"/> sends less than was promised.</summary>
    public static Reply File(byte[] content, int? send = null) =>
        new($"HTTP/1.1 200 OK\r\nContent-Length: {content.Length}\r\n", content[..(send ?? content.Length)]);
}

/// <summary>An HTTP server on the loopback address that answers as badly as a test wants.</summary>
internal sealed class MisbehavingServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, Func<Reply>> _answers = new();

    public MisbehavingServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>What is answered to the paths that start so; the longest start wins.</summary>
    public Func<Reply> this[string start]
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
            this[$"{under}{file.Name}.gz"] = () => Reply.File(content);
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
                var path = await ReadRequestAsync(stream, stop);
                Requests.Enqueue(path);
                var answer = _answers.Where(item => path.StartsWith(item.Key, StringComparison.Ordinal)).MaxBy(item => item.Key.Length).Value;
                var reply = answer?.Invoke() ?? Reply.Status(404);
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

    private static async Task<string> ReadRequestAsync(NetworkStream stream, CancellationToken stop)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var path = (await reader.ReadLineAsync(stop) ?? "GET / HTTP/1.1").Split(' ')[1];
        while (await reader.ReadLineAsync(stop) is { Length: > 0 })
        {
        }

        return path;
    }
}
