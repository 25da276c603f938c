// Serves a classifier to this machine alone: a page to drop a photo on, which shows its class, how sure that is and what it rests on:
// ServeModel MODEL [PORT]
using System.Net;
using System.Reflection;
using PhotoMl;
using ServeModel;

if (args.Length is < 1 or > 2 || !int.TryParse(args.ElementAtOrDefault(1) ?? "5080", out var port) || port is < 0 or > 65535)
{
    Console.Error.WriteLine("usage: ServeModel MODEL.safetensors [PORT, default 5080; 0 for any that is free]");
    return 1;
}

using var service = Load(args[0]);
if (service is null)
{
    return 2;
}

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning)
    .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // why it cannot start is reported below
builder.Services.AddHostFiltering(options => options.AllowedHosts = ["127.0.0.1", "localhost"]); // no other site's name may lead here
builder.WebHost.ConfigureKestrel(server =>
{
    server.Listen(IPAddress.Loopback, port);
    server.AddServerHeader = false;
    server.Limits.MaxRequestBodySize = Upload.MaxBytes;
    server.Limits.MaxConcurrentConnections = 64;
});

var app = builder.Build();
app.UseHostFiltering();
app.Use((context, next) =>
{
    var headers = context.Response.Headers;
    headers.ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; "
            + "form-action 'none'; frame-ancestors 'none'";
    headers.XContentTypeOptions = "nosniff";
    headers.CacheControl = "no-store";
    headers["Referrer-Policy"] = "no-referrer";
    return next();
});
app.MapGet("/", () => Page("page.html", "text/html; charset=utf-8"));
app.MapGet("/page.css", () => Page("page.css", "text/css"));
app.MapGet("/page.js", () => Page("page.js", "text/javascript"));
app.MapPost("/predict", (HttpRequest request) => Upload.Answer(request, photo => Task.Run(() => Results.Json(service.Predict(photo)))));
app.MapPost("/explain", (HttpRequest request) => Upload.Answer(request, photo => Task.Run(() =>
{
    var (png, isBetter) = service.Explain(photo, request.HttpContext.RequestAborted);
    request.HttpContext.Response.Headers["X-Map-Better-Than-Random"] = isBetter ? "yes" : "no";
    return Results.Bytes(png, "image/png");
})));

try
{
    await app.StartAsync();
}
catch (IOException exception)
{
    Console.Error.WriteLine(exception.Message); // the port is taken
    return 2;
}

Console.WriteLine($"{string.Join(", ", app.Urls)} tells {string.Join(", ", service.ClassNames)}. Ctrl+C ends it.");
await app.WaitForShutdownAsync();
return 0;

static PhotoService? Load(string modelPath)
{
    try
    {
        return new PhotoService(modelPath);
    }
    catch (PhotoMlException exception)
    {
        Console.Error.WriteLine(exception.Message);
        return null;
    }
}

static IResult Page(string name, string type) => Results.Stream(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!, type);
