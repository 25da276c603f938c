namespace ServeModel;

/// <summary>A photo that came with a request; it never touches the disk.</summary>
internal static class Upload
{
    /// <summary>The largest photo that is taken, in bytes: 20 MiB.</summary>
    public const int MaxBytes = 20 << 20;

    private static readonly string[] Types = ["image/jpeg", "image/png", "image/webp", "image/bmp", "image/gif"];

    /// <summary>Answers a request that brings a photo, or says what is wrong with it.</summary>
    public static async Task<IResult> Answer(HttpRequest request, Func<byte[], Task<IResult>> answer)
    {
        if (!Types.Contains(request.ContentType))
        {
            return Refuse(
                StatusCodes.Status415UnsupportedMediaType,
                $"expected {string.Join(", ", Types)}, but got {request.ContentType ?? "no content type"}");
        }

        try
        {
            using var content = new MemoryStream();
            await request.Body.CopyToAsync(content, request.HttpContext.RequestAborted);
            return await answer(content.ToArray());
        }
        catch (BadHttpRequestException exception)
        {
            return Refuse(
                exception.StatusCode,
                exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? $"expected at most {MaxBytes >> 20} MB"
                    : "the request broke off");
        }
        catch (InvalidDataException exception)
        {
            return Refuse(StatusCodes.Status422UnprocessableEntity, exception.Message);
        }
    }

    private static IResult Refuse(int status, string problem) => Results.Json(new { problem }, statusCode: status);
}
