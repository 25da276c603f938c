namespace PhotoMl.Models;

/// <summary>Where in the image each element of a layer's map looks: the middle of its receptive field.</summary>
/// <remarks>
/// W. Luo, Y. Li, R. Urtasun, R. Zemel, "Understanding the Effective Receptive Field in Deep Convolutional Neural Networks", NIPS 2016: what an element sees is
/// concentrated there. A map merely stretched to the image is off by up to half an element.
/// </remarks>
internal readonly record struct LayerGrid(double First, int Stride)
{
    /// <summary>Where in the map a place in the image lies, in elements from the map's corner: the middle of the first element is at 0.5.</summary>
    public double ToElement(double place) => ((place - First) / Stride) + 0.5;
}
