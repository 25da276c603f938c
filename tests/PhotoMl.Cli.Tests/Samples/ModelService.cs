using System.Net.Http.Headers;

namespace PhotoMl.Cli.Tests.Samples;

/// <summary>The sample ServeModel while it runs, on a port of its own.</summary>
public sealed class ModelService : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;
    private readonly HttpClient _client;

    public ModelService(TrainedModel trained)
    {
        _process = SampleProcess.Start("ServeModel", _folder.Path, Path.Combine(trained.Run, "model.safetensors"), "0");
        var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException(_process.StandardError.ReadToEnd());
        Address = new Uri(line.Split(' ')[0]);
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Address };
    }

    public Uri Address { get; }

    public Task<HttpResponseMessage> GetAsync(string path, string? host = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = host;
        return _client.SendAsync(request);
    }

    public Task<HttpResponseMessage> PostAsync(string path, byte[] content, string? type)
    {
        var body = new ByteArrayContent(content);
        body.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        request.Headers.ExpectContinue = true; // a service that refuses what is too large hangs up
        return _client.SendAsync(request);
    }

    public void Dispose()
    {
        _client.Dispose();
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Dispose();
    }
}
