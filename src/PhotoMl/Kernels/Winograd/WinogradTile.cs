namespace PhotoMl.Kernels;

/// <summary>Transforms images to planes, or planes to images.</summary>
internal delegate IKernel WinogradPass(Tensor pixels, WinogradGrid grid, Tensor planes);

/// <summary>A square tile of results and the transforms that compute it.</summary>
internal sealed class WinogradTile
{
    public const int Kernel = 3;

    public static WinogradTile Two { get; } =
        Of<WinogradTile2.Input, WinogradTile2.InputAdjoint, WinogradTile2.Output, WinogradTile2.OutputAdjoint>(WinogradTile2.Filter);

    public static WinogradTile Three { get; } =
        Of<WinogradTile3.Input, WinogradTile3.InputAdjoint, WinogradTile3.Output, WinogradTile3.OutputAdjoint>(WinogradTile3.Filter);

    public static WinogradTile Four { get; } =
        Of<WinogradTile4.Input, WinogradTile4.InputAdjoint, WinogradTile4.Output, WinogradTile4.OutputAdjoint>(WinogradTile4.Filter);

    public static WinogradTile Five { get; } =
        Of<WinogradTile5.Input, WinogradTile5.InputAdjoint, WinogradTile5.Output, WinogradTile5.OutputAdjoint>(WinogradTile5.Filter);

    /// <summary>The number of results along an axis.</summary>
    public required int Side { get; init; }

    /// <summary>The transform of the filter along both axes, (planes, 9).</summary>
    public required float[] Filter { get; init; }

    public required WinogradPass Input { get; init; }
    public required WinogradPass InputAdjoint { get; init; }
    public required WinogradPass Output { get; init; }
    public required WinogradPass OutputAdjoint { get; init; }

    /// <summary>The products of channels that results of some height and width take.</summary>
    public long Products(long height, long width) => ((height + Side - 1) / Side) * ((width + Side - 1) / Side) * (Side + 2) * (Side + 2);

    private static WinogradTile Of<TInput, TInputAdjoint, TOutput, TOutputAdjoint>(float[] filter)
        where TInput : struct, IWinogradTransform
        where TInputAdjoint : struct, IWinogradTransform
        where TOutput : struct, IWinogradTransform
        where TOutputAdjoint : struct, IWinogradTransform
    {
        var lines = filter.Chunk(Kernel).ToArray();
        return new()
        {
            Side = TOutput.Outputs,
            Filter = [.. lines.SelectMany(line => lines.SelectMany(other => line.SelectMany(tap => other.Select(weight => tap * weight))))],
            Input = (pixels, grid, planes) => new WinogradKernel<TInput>(pixels, grid, planes, toPlanes: true),
            InputAdjoint = (pixels, grid, planes) => new WinogradKernel<TInputAdjoint>(pixels, grid, planes, toPlanes: false),
            Output = (pixels, grid, planes) => new WinogradKernel<TOutput>(pixels, grid, planes, toPlanes: false),
            OutputAdjoint = (pixels, grid, planes) => new WinogradKernel<TOutputAdjoint>(pixels, grid, planes, toPlanes: true),
        };
    }
}
