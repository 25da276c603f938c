#:project ../../src/PhotoMl/PhotoMl.csproj
#:package TorchSharp-cpu
#:property PublishAot=false
#:property AllowUnsafeBlocks=true

using System.Buffers.Binary;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Imaging;
using PhotoMl.Runtime;
using SkiaSharp;

// Tells every photo of a folder five times, and counts the labels that differ: in batches of 64; alone; as PNG; and turned, with EXIF to
// say so, as PNG and, with the very data it came with, as JPEG. A JPEG that merely says it is turned is another picture, so it is held
// against a PNG of that picture.   dotnet run -c Release tests/acceptance/same-label.cs -- RUN/model.safetensors FOLDER

NativeLibraries.EnsureLoaded();
using var classifier = Classifier.Load(args[0], Precision.Float32);
var work = Directory.CreateTempSubdirectory("photoml-same-label-").FullName;
try
{
    var files = DatasetLoader.FindImages([args[1]]).Where(file => file.Problem is null).ToArray();
    var batched = files.Chunk(64).SelectMany(batch => classifier.PredictFiles(batch)).ToArray();
    var counts = new SortedDictionary<string, (int Same, int All, double Change)>();
    foreach (var (i, expected) in batched.Index().Where(photo => photo.Item.Problem is null))
    {
        var path = files[i].Path;
        var upright = ImageFile.Decode(path);
        var orientation = 2 + (i % 7);
        Count("alone", expected, Predict(path));
        Count("as PNG", expected, Predict(Write("whole.png", EncodePng(upright))));
        Count(
            "turned, with EXIF, as PNG",
            expected,
            Predict(Write("turned.png", WithExif(EncodePng(TurnAway(upright, orientation)), orientation))));
        if (File.ReadAllBytes(path) is [0xFF, 0xD8, .. var rest])
        {
            // The first orientation that is found counts; where the photo has one of its own, both files lose it by the same rule.
            var turned = Write("turned.jpg", [0xFF, 0xD8, .. ExifSegment(orientation), .. rest]);
            Count("turned, with EXIF, as JPEG", Predict(Write("turned-whole.png", EncodePng(ImageFile.Decode(turned)))), Predict(turned));
        }
    }

    foreach (var (name, count) in counts)
    {
        Console.WriteLine(
            $"{name,-28} {count.Same:N0} of {count.All:N0} the same label; the probability changes by at most {count.Change:F4}");
    }

    void Count(string name, ImagePrediction expected, ImagePrediction actual)
    {
        var (label, probability) = (expected.Ranking[0].Label, expected.Ranking[0].Probability);
        var count = counts.GetValueOrDefault(name);
        var change = Math.Abs(probability - actual.Ranking.Single(other => other.Label == label).Probability);
        counts[name] = (count.Same + (actual.Ranking[0].Label == label ? 1 : 0), count.All + 1, Math.Max(count.Change, change));
    }
}
finally
{
    Directory.Delete(work, recursive: true);
}

ImagePrediction Predict(string path) => classifier.PredictMany([path]).Single();

string Write(string name, byte[] content)
{
    var path = Path.Combine(work, name);
    File.WriteAllBytes(path, content);
    return path;
}

static byte[] EncodePng(DecodedImage image)
{
    using var bitmap =
        new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque, SKColorSpace.CreateSrgb()));
    for (var i = 0; i < image.Width * image.Height; i++)
    {
        unsafe
        {
            var to = (byte*)bitmap.GetPixels() + (4 * i);
            (to[0], to[1], to[2], to[3]) = (image.Pixels[3 * i], image.Pixels[(3 * i) + 1], image.Pixels[(3 * i) + 2], 255);
        }
    }

    using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
    return data.ToArray();
}

// What a camera stores so that a viewer that obeys the orientation shows the picture upright.
static DecodedImage TurnAway(DecodedImage image, int orientation)
{
    var (width, height) = orientation >= 5 ? (image.Height, image.Width) : (image.Width, image.Height);
    var rgb = new byte[image.Pixels.Length];
    for (var y = 0; y < image.Height; y++)
    {
        for (var x = 0; x < image.Width; x++)
        {
            var (right, bottom) = (image.Width - 1, image.Height - 1);
            var (column, row) = orientation switch
            {
                2 => (right - x, y),
                3 => (right - x, bottom - y),
                4 => (x, bottom - y),
                5 => (y, x),
                6 => (y, right - x),
                7 => (bottom - y, right - x),
                8 => (bottom - y, x),
                _ => (x, y),
            };
            image.Pixels.Slice(3 * ((y * image.Width) + x), 3).CopyTo(rgb.AsSpan(3 * ((row * width) + column)));
        }
    }

    return new DecodedImage(width, height, rgb);
}

static byte[] Tiff(int orientation) =>
    [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];

static byte[] ExifSegment(int orientation) => [0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. Tiff(orientation)];

// PNG, third edition, 11.3.4.5: an eXIf chunk, here right after the header.
static byte[] WithExif(byte[] png, int orientation)
{
    const int Header = 8 + 25;
    byte[] body = [.. "eXIf"u8, .. Tiff(orientation)];
    var chunk = new byte[body.Length + 8];
    BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length - 4);
    body.CopyTo(chunk, 4);
    BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(4 + body.Length), Crc(body));
    return [.. png[..Header], .. chunk, .. png[Header..]];
}

static uint Crc(ReadOnlySpan<byte> bytes)
{
    var crc = uint.MaxValue;
    foreach (var value in bytes)
    {
        crc ^= value;
        for (var bit = 0; bit < 8; bit++)
        {
            crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
        }
    }

    return ~crc;
}
