namespace ServeModel;

/// <summary>A photo that came with a request, in a file that is gone with it.</summary>
internal sealed class Upload : IDisposable
{
    /// <summary>The largest photo that is taken, in bytes: 20 MiB.</summary>
    public const int MostBytes = 20 << 20;

    private static readonly string[] Types = ["image/jpeg", "image/png", "image/webp", "image/bmp", "image/gif"];

    private Upload(string path) => Path = path;

    public string Path { get; }

    /// <summary>Answers a request that brings a photo, or says what is wrong with it.</summary>
    public static async Task<IResult> Answer(HttpRequest request, Func<string, Task<IResult>> answer)
    {
        if (!Types.Contains(request.ContentType))
        {
            return Refuse(StatusCodes.Status415UnsupportedMediaType, $"expected {string.Join(", ", Types)}, but got {request.ContentType ?? "no content type"}");
        }

        try
        {
            using var upload = await ReceiveAsync(request);
            return await answer(upload.Path);
        }
        catch (BadHttpRequestException exception)
        {
            return Refuse(exception.StatusCode, exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"expected at most {MostBytes >> 20} MB" : "the request broke off");
        }
        catch (InvalidDataException exception)
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, exception.Message);
        }
    }

    public void Dispose() => File.Delete(Path);

    private static async Task<Upload> ReceiveAsync(HttpRequest request)
    {
        var upload = new Upload(System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"photoml-upload-{Guid.NewGuid():N}"));
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // somebody's photo
            }

            await using var file = new FileStream(upload.Path, options);
            await request.Body.CopyToAsync(file, request.HttpContext.RequestAborted);
            return upload;
        }
        catch
        {
            upload.Dispose();
            throw;
        }
    }

    private static IResult Refuse(int status, string problem) => Results.Json(new { problem }, statusCode: status);
}
