namespace PhotoMl.Explanation;

/// <summary>What the network loses of a class where a square of the image is covered.</summary>
/// <remarks>M. Zeiler, R. Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014, section 4.2. The square moves by half
/// its side and begins beyond the edge, so that every pixel is covered about as often; a pixel gets the mean loss of the squares that cover
/// it. What is lost is measured in log-odds, log(p / (1 - p)), rather than in the probability p, which hardly moves where the network is
/// sure.</remarks>
internal static class Occlusion
{
    // Finer than most things that tell classes apart, coarse enough to be seen gone.
    private const int WindowsAcross = 6;

    public static Heatmap Compute(ExplanationSubject subject, ExplanationBaseline baseline, int? window)
    {
        var (height, width) = (subject.Height, subject.Width);
        var side = Math.Min(window ?? Math.Max(2, Math.Min(height, width) / WindowsAcross), Math.Max(height, width));
        var (rows, columns) = (Spans(height, side).ToArray(), Spans(width, side).ToArray());
        var squares = rows.Length * columns.Length;
        using var scope = NewDisposeScope();
        var cover = BaselineImage.Of(subject.Image, baseline);
        var whole = subject.LogOdds(1, (_, _) => subject.Image.alias())[0];
        var covered = subject.LogOdds(squares, (first, count) =>
        {
            var images = subject.Image.expand(count, -1, -1, -1).clone();
            for (var i = 0; i < count; i++)
            {
                Part(images.narrow(0, i, 1), first + i).copy_(Part(cover, first + i));
            }

            return images;
        });
        var (sums, counts) = (zeros(1, 1, height, width), zeros(1, 1, height, width));
        for (var i = 0; i < squares; i++)
        {
            using var step = NewDisposeScope();
            Part(sums, i).add_(whole - covered[i]);
            Part(counts, i).add_(1);
        }

        return Heatmap.Of(sums / counts);

        Tensor Part(Tensor image, int square)
        {
            var (row, column) = (rows[square / columns.Length], columns[square % columns.Length]);
            return image.narrow(2, row.Start, row.Length).narrow(3, column.Start, column.Length);
        }
    }

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
}
