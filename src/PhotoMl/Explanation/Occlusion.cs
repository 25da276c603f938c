using static TorchSharp.torch;

namespace PhotoMl.Explanation;

/// <summary>What the network loses of a class where a square of the image is covered.</summary>
/// <remarks>M. Zeiler, R. Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014, section 4.2. The square moves by half
/// its side and begins beyond the edge, so that every pixel is covered about as often; a pixel gets the mean loss of the squares that cover
/// it. What is lost is told in log-odds, log(p / (1 - p)), rather than in the probability p, which hardly moves where the network is
/// sure.</remarks>
internal static class Occlusion
{
    // Finer than most things that tell classes apart, coarse enough to be seen gone.
    private const int WindowsAcross = 6;

    public static Heatmap Compute(ExplanationSubject subject, ExplanationBaseline baseline, int? window)
    {
        var (height, width) = (subject.Height, subject.Width);
        var squares = Cover(height, width, Math.Min(window ?? Math.Max(2, Math.Min(height, width) / WindowsAcross), Math.Max(height, width)));
        using var scope = NewDisposeScope();
        var cover = BaselineImage.Of(subject.Image, baseline);
        var whole = subject.LogOdds(1, (_, _) => subject.Image.alias())[0];
        var covered = subject.LogOdds(squares.Count, (first, count) =>
        {
            var images = subject.Image.expand(count, -1, -1, -1).clone();
            for (var i = 0; i < count; i++)
            {
                var square = squares[first + i];
                square.Of(images.narrow(0, i, 1)).copy_(square.Of(cover));
            }

            return images;
        });
        return Average(squares, Array.ConvertAll(covered, odds => whole - odds), height, width);
    }

    private static Heatmap Average(List<Square> squares, float[] losses, int height, int width)
    {
        var (sums, counts) = (new float[height * width], new int[height * width]);
        foreach (var (square, loss) in squares.Zip(losses))
        {
            for (var y = square.Top; y < square.Top + square.Height; y++)
            {
                for (var x = square.Left; x < square.Left + square.Width; x++)
                {
                    sums[(y * width) + x] += loss;
                    counts[(y * width) + x]++;
                }
            }
        }

        return new Heatmap(height, width, [.. sums.Zip(counts, (sum, count) => sum / count)]);
    }

    private static List<Square> Cover(int height, int width, int side) =>
        [.. from row in Spans(height, side) from column in Spans(width, side) select new Square(row.Start, column.Start, row.Length, column.Length)];

    /// <summary>The parts of a line that a window of a side covers, step by step, without what lies beyond the line.</summary>
    private static IEnumerable<(int Start, int Length)> Spans(int length, int side)
    {
        var step = Math.Max(1, side / 2);
        for (var start = step - side; start < length; start += step)
        {
            var (from, to) = (Math.Max(0, start), Math.Min(length, start + side));
            yield return (from, to - from);
        }
    }

    private readonly record struct Square(int Top, int Left, int Height, int Width)
    {
        public Tensor Of(Tensor image) => image.narrow(2, Top, Height).narrow(3, Left, Width);
    }
}
