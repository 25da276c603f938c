namespace PhotoMl.Kernels;

/// <summary>Makes the kernel that transforms images to planes, or planes to images, or the adjoint of the other.</summary>
internal delegate IKernel WinogradPass(Tensor pixels, WinogradGrid grid, Tensor planes, bool toPlanes, bool isAdjoint);

/// <summary>A square tile of results, and what computes it.</summary>
/// <param name="Side">The number of results along an axis.</param>
/// <param name="Filter">The transform of the filter along both axes, (planes, 9).</param>
/// <param name="Pass">Makes its kernels.</param>
internal sealed record WinogradTile(int Side, float[] Filter, WinogradPass Pass)
{
    public const int Kernel = 3;

    public static WinogradTile Two { get; } = Of<WinogradTile2>();
    public static WinogradTile Three { get; } = Of<WinogradTile3>();
    public static WinogradTile Four { get; } = Of<WinogradTile4>();
    public static WinogradTile Five { get; } = Of<WinogradTile5>();

    /// <summary>The products of channels that results of some height and width take.</summary>
    public long Products(long height, long width) => ((height + Side - 1) / Side) * ((width + Side - 1) / Side) * (Side + 2) * (Side + 2);

    private static WinogradTile Of<TTile>()
        where TTile : struct, IWinogradTile
    {
        var lines = TTile.Filter.Chunk(Kernel).ToArray();
        return new(
            TTile.Side,
            [.. lines.SelectMany(line => lines.SelectMany(other => line.SelectMany(tap => other.Select(weight => tap * weight))))],
            (pixels, grid, planes, toPlanes, isAdjoint) => isAdjoint
                ? new WinogradKernel<TTile, WinogradAdjoint>(pixels, grid, planes, toPlanes)
                : new WinogradKernel<TTile, WinogradForward>(pixels, grid, planes, toPlanes));
    }
}
