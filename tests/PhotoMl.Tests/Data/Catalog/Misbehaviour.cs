namespace PhotoMl.Tests.Data;

/// <summary>The ways in which a server can fail to give a file.</summary>
internal static class Misbehaviour
{
    public static readonly string[] Names =
    [
        "404", "500", "wrong content", "not gzip", "cut", "cut without a length", "hangs up at once", "endless", "lies about its length", "stalls",
        "wrong range",
    ];

    public static Reply Reply(string how, byte[] file) => how switch
    {
        "404" => Data.Reply.Status(404),
        "500" => Data.Reply.Status(500),
        "wrong content" => Data.Reply.File(IdxBytes.Gzip(new byte[16 + (SmallSet.TrainCount * 20)])),
        "not gzip" => Data.Reply.File("<html>Please log in to this network</html>"u8.ToArray()),
        "cut" => Data.Reply.File(file, send: 300),
        "cut without a length" => new Reply("HTTP/1.1 200 OK\r\n", file[..^4]),
        "hangs up at once" => new Reply("", []),
        "endless" => new Reply("HTTP/1.1 200 OK\r\n", new byte[1_000_000]),
        "lies about its length" => new Reply("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n", file),
        "stalls" => new Reply($"HTTP/1.1 200 OK\r\nContent-Length: {file.Length}\r\n", [], Hang: true),
        "wrong range" => new Reply("HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\nContent-Range: bytes 7-11/12\r\n", [1, 2, 3, 4, 5]),
        _ => throw new ArgumentOutOfRangeException(nameof(how)),
    };
}
