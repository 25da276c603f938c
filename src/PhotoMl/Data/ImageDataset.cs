using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using PhotoMl.Imaging;

namespace PhotoMl.Data;

/// <summary>Labelled images of one size, as bytes.</summary>
public sealed class ImageDataset : IDisposable
{
    /// <summary>Takes over images and labels in memory.</summary>
    /// <param name="name">What the images are, such as <c>mnist train</c>; used in messages.</param>
    /// <param name="images">Images, (N, C, H, W), uint8, 0 black to 255 white; owned by the data set from now on.</param>
    /// <param name="labels">Class indices, (N), int64, from 0; owned by the data set from now on.</param>
    /// <param name="classNames">The name of each class.</param>
    /// <exception cref="ArgumentException">A tensor has another shape or dtype, the counts differ, or a label is out of range.</exception>
    public ImageDataset(string name, Tensor images, Tensor labels, IReadOnlyList<string> classNames)
        : this(name, new TensorPixels(images), labels, classNames)
    {
        images.DetachFromDisposeScope(); // last, so that what is refused stays the caller's
    }

    internal ImageDataset(string name, PixelStore pixels, Tensor labels, IReadOnlyList<string> classNames)
    {
        if (labels.dim() != 1 || labels.dtype != ScalarType.Int64 || labels.shape[0] != pixels.Count)
        {
            var shape = string.Join(", ", labels.shape);
            throw new ArgumentException($"Expected labels ({pixels.Count}) of int64 but got ({shape}) of {labels.dtype}.", nameof(labels));
        }

        Name = name;
        ClassNames = classNames;
        ClassCounts = CountClasses(labels, classNames.Count);
        Preprocessing = new ImagePreprocessing { Channels = pixels.Channels, Height = pixels.Height, Width = pixels.Width };
        Pixels = pixels;
        Labels = labels.DetachFromDisposeScope();
    }

    /// <summary>What the images are, such as <c>mnist train</c>.</summary>
    public string Name { get; }

    internal PixelStore Pixels { get; }

    /// <summary>The class indices, (N), int64; they stay the data set's.</summary>
    public Tensor Labels { get; }

    /// <summary>The name of each class.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>How many images each class has.</summary>
    public IReadOnlyList<int> ClassCounts { get; }

    /// <summary>How a picture on disk becomes an image like these; by default it is only brought to their size.</summary>
    public ImagePreprocessing Preprocessing { get; init; }

    /// <summary>What must be said of the images, such as that another set stands in for the one asked for; usually null.</summary>
    public string? Notice { get; init; }

    internal bool IsTransposed { get; set; }

    /// <summary>The file of each image, (N); null where the images are no files.</summary>
    /// <exception cref="ArgumentException">They are not as many as the images.</exception>
    public IReadOnlyList<string>? Paths
    {
        get;
        init => field = value is null || value.Count == Pixels.Count
            ? value
            : throw new ArgumentException($"Expected {Pixels.Count} paths but got {value.Count}.", nameof(value));
    }

    /// <summary>The number of images.</summary>
    public int Count => Pixels.Count;

    /// <summary>The number of channels: 1 for gray, 3 for color.</summary>
    public int Channels => Pixels.Channels;

    /// <summary>The height of each image in pixels.</summary>
    public int Height => Pixels.Height;

    /// <summary>The width of each image in pixels.</summary>
    public int Width => Pixels.Width;

    /// <summary>Makes a data set from images of any number of channels in managed memory, such as generated ones.</summary>
    /// <param name="name">What the images are.</param>
    /// <param name="images">The images, (N, channels, height, width), 0 black to 255 white; copied once.</param>
    /// <param name="channels">1 for gray, 3 for red, green and blue.</param>
    /// <param name="height">The height of each image in pixels, 1 to 4096.</param>
    /// <param name="width">The width of each image in pixels, 1 to 4096.</param>
    /// <param name="labels">The class index of each image, (N), from 0; copied once.</param>
    /// <param name="classNames">The name of each class.</param>
    /// <param name="preprocessing">How a picture on disk becomes an image like these; null if it is only brought to their size.</param>
    /// <param name="notice">What must be said of where the images come from, if anything.</param>
    /// <returns>The data set, to be disposed by the caller.</returns>
    /// <remarks>Bytes that are in tensors already need no copy: the constructor takes tensors over.</remarks>
    /// <exception cref="ArgumentException">The bytes do not match the labels, or a number or a label is out of range.</exception>
    public static ImageDataset FromBytes(
        string name,
        ReadOnlySpan<byte> images,
        int channels,
        int height,
        int width,
        ReadOnlySpan<long> labels,
        IReadOnlyList<string> classNames,
        ImagePreprocessing? preprocessing = null,
        string? notice = null)
    {
        var plain = new ImagePreprocessing { Channels = channels, Height = height, Width = width }; // checks the numbers
        var length = (long)labels.Length * channels * height * width;
        if (images.Length != length)
        {
            var shape = $"({labels.Length}, {channels}, {height}, {width})";
            throw new ArgumentException($"Expected {length} bytes for images {shape} but got {images.Length}.", nameof(images));
        }

        NativeLibraries.EnsureLoaded();
        using var scope = NewDisposeScope();
        var pixels = empty([labels.Length, channels, height, width], ScalarType.Byte);
        var indices = empty([labels.Length], ScalarType.Int64);
        images.CopyTo(pixels.bytes);
        MemoryMarshal.AsBytes(labels).CopyTo(indices.bytes);
        return new ImageDataset(name, pixels, indices, classNames) { Preprocessing = preprocessing ?? plain, Notice = notice };
    }

    /// <summary>Copies some of the images.</summary>
    /// <param name="indices">Which images, in this order.</param>
    /// <returns>Images, (indices, C, H, W), uint8; the caller disposes them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public Tensor Take(ReadOnlySpan<long> indices) => Pixels.Take(indices);

    /// <summary>Gives images that lie side by side, without a copy where that is possible.</summary>
    /// <param name="start">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <returns>Images, (count, C, H, W), uint8, not to be changed; the caller disposes them.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There are no such images.</exception>
    public Tensor Take(int start, int count) => Pixels.Take(start, count);

    /// <summary>Makes a data set of some of the images.</summary>
    /// <param name="indices">Which images, in this order.</param>
    /// <returns>The data set, to be disposed by the caller; it does not need this one any more.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such image.</exception>
    public ImageDataset Select(long[] indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        using var scope = NewDisposeScope();
        var pixels = Pixels.Subset(indices); // which checks them
        var paths = Paths is { } all ? Array.ConvertAll(indices, i => all[(int)i]) : null;
        return With(pixels, Labels.index_select(0, tensor(indices)), ClassNames, paths);
    }

    /// <summary>Makes a data set of the same images whose labels are indices into other class names, such as those of a model.</summary>
    /// <param name="classNames">The names, among them all of this data set that an image has.</param>
    /// <returns>The data set, to be disposed by the caller; it does not need this one any more.</returns>
    /// <exception cref="ArgumentException">An image is of a class that is not among them.</exception>
    public ImageDataset WithClasses(IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        var indices = ClassNames.Select(name => (long)classNames.ToList().IndexOf(name)).ToArray();
        if (ClassNames.Where((_, label) => indices[label] < 0 && ClassCounts[label] > 0).FirstOrDefault() is { } unknown)
        {
            var known = string.Join(", ", classNames.Take(20));
            throw new ArgumentException($"Expected images of {known} but got {unknown}.", nameof(classNames));
        }

        using var scope = NewDisposeScope();
        long[] all = [.. Enumerable.Range(0, Count).Select(i => (long)i)];
        return With(Pixels.Subset(all), tensor(indices).index_select(0, Labels), classNames, Paths);
    }

    /// <summary>Copies the images into a data set of another size, or in gray instead of color, or the reverse.</summary>
    /// <param name="channels">1 for gray, 3 for red, green and blue.</param>
    /// <param name="height">The height of each new image in pixels, 1 to 4096.</param>
    /// <param name="width">The width of each new image in pixels, 1 to 4096.</param>
    /// <returns>The data set, to be disposed by the caller; a copy even where nothing changes.</returns>
    /// <remarks>Images are stretched as preprocessing stretches pictures: bilinear where they grow, every pixel counting where they shrink.
    /// Color becomes its luma, of ITU-R BT.601; gray becomes three equal channels. Apart from the result little memory is taken.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public ImageDataset ConvertTo(int channels, int height, int width)
    {
        var preprocessing = Preprocessing with { Channels = channels, Height = height, Width = width }; // checks the numbers
        using var scope = NewDisposeScope();
        var converted = empty([Count, channels, height, width], ScalarType.Byte);

        // A block of 16 MiB at a time: large enough for all processors, small beside any data set.
        var imageBytes = Math.Max(Channels * Height * Width, channels * height * width);
        var step = Math.Max(1, (16 << 20) / imageBytes);
        for (var start = 0; start < Count; start += step)
        {
            using var block = NewDisposeScope();
            var from = Take(start, Math.Min(step, Count - start));
            converted.narrow(0, start, from.shape[0]).copy_(ConvertBlock(from, channels, height, width)); // gray into all channels
        }

        return With(new TensorPixels(converted.DetachFromDisposeScope()), Labels.clone(), ClassNames, Paths, preprocessing);
    }

    /// <summary>Computes a fingerprint of all images and labels.</summary>
    /// <param name="cancellationToken">Stops between two pieces.</param>
    /// <returns>A SHA-256 in hexadecimal; equal for equal data in equal order. Of photos in a cache it is computed from their checksums,
    /// and no pixel is read.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public string Fingerprint(CancellationToken cancellationToken = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        // A comma within a name differs from one between two. Names without a comma or backslash stay as they were, for older checkpoints.
        var names = ClassNames.Select(
            name => name.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(",", @"\,", StringComparison.Ordinal));
        hash.AppendData(Encoding.UTF8.GetBytes($"{Count},{Channels},{Height},{Width};{string.Join(",", names)};"));
        Pixels.AddTo(hash, cancellationToken);
        using var labels = Labels.contiguous();
        hash.AppendData(labels.bytes);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Gives images that are equal pixel by pixel the same number, (N), the index of the first; empty where all differ.</summary>
    internal int[] GroupsOfCopies()
    {
        var firstOf = new Dictionary<string, int>(Count);
        int[] groups = [.. HashImages().Select((hash, i) => firstOf.TryAdd(hash, i) ? i : firstOf[hash])];
        return firstOf.Count == Count ? [] : groups;
    }

    /// <summary>Computes the SHA-256 of the pixels of each image, in Base64.</summary>
    internal IEnumerable<string> HashImages()
    {
        for (var i = 0; i < Count; i++)
        {
            using var image = Take(i, 1);
            using var pixels = image.contiguous();
            yield return Convert.ToBase64String(SHA256.HashData(pixels.bytes));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pixels.Dispose();
        Labels.Dispose();
    }

    private ImageDataset With(
        PixelStore pixels, Tensor labels, IReadOnlyList<string> names, IReadOnlyList<string>? paths, ImagePreprocessing? other = null) =>
        new(Name, pixels, labels, names)
        {
            Preprocessing = other ?? Preprocessing, Notice = Notice, IsTransposed = IsTransposed, Paths = paths,
        };

    private static Tensor ConvertBlock(Tensor images, int channels, int height, int width)
    {
        var (count, h, w) = ((int)images.shape[0], (int)images.shape[2], (int)images.shape[3]);
        channels = Math.Min(channels, (int)images.shape[1]);
        if ((channels, height, width) == (images.shape[1], h, w))
        {
            return images;
        }

        var preprocessing = new ImagePreprocessing { Channels = channels, Height = height, Width = width };
        var pictures = DecodedImage.FromTensor(images);
        var resized = new byte[count * channels * height * width];
        Parallel.For(0, count, i =>
            ImagePreprocessor.Prepare(pictures[i], preprocessing).Bytes.CopyTo(resized, i * channels * height * width));
        return tensor(resized, [count, channels, height, width], ScalarType.Byte);
    }

    private static int[] CountClasses(Tensor labels, int classes)
    {
        var counts = new int[classes];
        foreach (var label in labels.data<long>())
        {
            if (label < 0 || label >= classes)
            {
                throw new ArgumentException($"Expected labels from 0 to {classes - 1} but got {label}.", nameof(labels));
            }

            counts[label]++;
        }

        return counts;
    }
}
