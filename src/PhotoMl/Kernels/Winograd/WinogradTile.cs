namespace PhotoMl.Kernels;

/// <summary>Transforms images to planes, or planes to images.</summary>
internal delegate IKernel WinogradPass(Tensor pixels, WinogradGrid grid, Tensor planes);

/// <summary>A square tile of results and the transforms that compute it.</summary>
internal sealed class WinogradTile(int side, float[] filter)
{
    private const int Kernel = 3;

    public static WinogradTile Two { get; } = new(2, WinogradTile2.Filter)
    {
        Input = ToPlanes<WinogradTile2.Input>(),
        InputAdjoint = FromPlanes<WinogradTile2.InputAdjoint>(),
        Output = FromPlanes<WinogradTile2.Output>(),
        OutputAdjoint = ToPlanes<WinogradTile2.OutputAdjoint>(),
    };

    public static WinogradTile Three { get; } = new(3, WinogradTile3.Filter)
    {
        Input = ToPlanes<WinogradTile3.Input>(),
        InputAdjoint = FromPlanes<WinogradTile3.InputAdjoint>(),
        Output = FromPlanes<WinogradTile3.Output>(),
        OutputAdjoint = ToPlanes<WinogradTile3.OutputAdjoint>(),
    };

    public static WinogradTile Four { get; } = new(4, WinogradTile4.Filter)
    {
        Input = ToPlanes<WinogradTile4.Input>(),
        InputAdjoint = FromPlanes<WinogradTile4.InputAdjoint>(),
        Output = FromPlanes<WinogradTile4.Output>(),
        OutputAdjoint = ToPlanes<WinogradTile4.OutputAdjoint>(),
    };

    public static WinogradTile Five { get; } = new(5, WinogradTile5.Filter)
    {
        Input = ToPlanes<WinogradTile5.Input>(),
        InputAdjoint = FromPlanes<WinogradTile5.InputAdjoint>(),
        Output = FromPlanes<WinogradTile5.Output>(),
        OutputAdjoint = ToPlanes<WinogradTile5.OutputAdjoint>(),
    };

    /// <summary>The number of results along an axis.</summary>
    public int Side => side;

    /// <summary>The transform of the filter along both axes, (planes, 9).</summary>
    public float[] Filter { get; } = AlongBothAxes(filter);

    public required WinogradPass Input { get; init; }
    public required WinogradPass InputAdjoint { get; init; }
    public required WinogradPass Output { get; init; }
    public required WinogradPass OutputAdjoint { get; init; }

    /// <summary>The products of channels that results of some height and width take.</summary>
    public long Products(long height, long width) => ((height + side - 1) / side) * ((width + side - 1) / side) * (side + 2) * (side + 2);

    private static WinogradPass ToPlanes<T>()
        where T : struct, IWinogradTransform => (pixels, grid, planes) => new WinogradKernel<T>(pixels, grid, planes, toPlanes: true);

    private static WinogradPass FromPlanes<T>()
        where T : struct, IWinogradTransform => (pixels, grid, planes) => new WinogradKernel<T>(pixels, grid, planes, toPlanes: false);

    private static float[] AlongBothAxes(float[] filter)
    {
        var lines = filter.Chunk(Kernel).ToArray();
        return [.. lines.SelectMany(line => lines.SelectMany(other => line.SelectMany(tap => other.Select(weight => tap * weight))))];
    }
}
