namespace PhotoMl.Tests.Explanation;

/// <summary>A convolutional classifier of two classes whose weights are set by hand.</summary>
internal static class HandNetwork
{
    /// <summary>The height and width of its images, of which the last convolution leaves 2 x 2 elements.</summary>
    public const int Size = 22;

    /// <summary>Every convolution passes on its middle, and channel 1 of the last one twice that. Element (i, j) of A, its channel 0, so is
    /// the largest of the pixels in rows 4i + 7 to 4i + 10 and columns 4j + 7 to 4j + 10. The logit of class 1 is A01 + 2 A10 + 3 A11, made
    /// of A00 + 2 A01 + 3 A10 + 4 A11 and of channel 1 times -1/2; that of class 0 is the opposite.</summary>
    public static ConvClassifier OfFourPlaces()
    {
        var network = new ConvClassifier(new ClassifierOptions { Height = Size, Width = Size, Classes = 2 });
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var weights = network.state_dict();
        foreach (var weight in weights.Values)
        {
            weight.zero_();
        }

        weights["conv1.weight"][0, 0, 1, 1] = 1;
        weights["conv2.weight"][0, 0, 1, 1] = 1;
        weights["conv3.weight"][0, 0, 1, 1] = 1;
        weights["conv3.weight"][1, 0, 1, 1] = 2;
        weights["dense1.weight"][0].narrow(0, 0, 4).copy_(tensor(new[] { 1f, 2, 3, 4 }));
        weights["dense1.weight"][0].narrow(0, 4, 4).fill_(-0.5f);
        weights["dense2.weight"].narrow(1, 0, 1).copy_(tensor(new[] { -1f, 1 }, [2, 1]));
        network.eval();
        return network;
    }

    /// <summary>An image that is black but for some pixels.</summary>
    public static Tensor Image(params (int Row, int Column, float Value)[] pixels)
    {
        var image = zeros(1, Size, Size);
        foreach (var (row, column, value) in pixels)
        {
            image[0, row, column] = value;
        }

        return image;
    }
}
