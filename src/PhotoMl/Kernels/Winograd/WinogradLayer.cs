namespace PhotoMl.Kernels;

/// <summary>The sizes and transforms of a 3 x 3 convolution by minimal filtering.</summary>
internal sealed unsafe class WinogradLayer(int height, int width, int inputs, int outputs, int tile)
{
    private const int Kernel = 3;

    // What stays in the second level of the cache between its transform and its product.
    private const long ChunkElements = 400_000;

    // With few pixels the transform of the weights outweighs the products it saves; the limit is an estimate.
    private const long FewestPixels = 128;

    // In bfloat16 fewer channels are multiplied as fast without.
    private const int FewestBFloat16Channels = 256;

    private readonly WinogradGrid _input = new(height, width, inputs, tile, Border: 1);
    private readonly WinogradGrid _output = new(height, width, outputs, tile, Border: 0);

    /// <summary>The images of a chunk: planes that stay in the cache, but not so few that reading the weights again costs more.</summary>
    public int ChunkImages => (int)Math.Max(1, Math.Max(ChunkElements, 2L * _input.Planes * _input.Channels * _output.Channels)
        / ((long)_input.Planes * _input.Tiles * Math.Max(_input.Channels, _output.Channels)));

    /// <summary>The side of a tile of results: 3 or 4, of bfloat16 2.</summary>
    public int Tile => _output.Tile;

    /// <summary>The dtype of activations and planes.</summary>
    public ScalarType Dtype => Tile == 2 ? ScalarType.BFloat16 : ScalarType.Float32;

    public static bool Suits(Tensor activations, Tensor weight)
    {
        var shape = activations.shape;
        return KernelMemory.IsPlain(weight)
            && KernelMemory.IsSupported(activations, shape[1])
            && KernelMemory.IsSupported(activations, weight.shape[0])
            && shape[0] * shape[2] * shape[3] * weight.shape[0] <= int.MaxValue
            && shape[0] * shape[2] * shape[3] >= FewestPixels
            && (activations.dtype == ScalarType.BFloat16
                ? Math.Min(shape[1], weight.shape[0]) >= FewestBFloat16Channels
                    && Products(shape[2], shape[3], 2) <= 9 * shape[2] * shape[3]
                : 2 * Math.Min(Products(shape[2], shape[3], 3), Products(shape[2], shape[3], 4)) <= 9 * shape[2] * shape[3]);
    }

    public static WinogradLayer Of(Tensor activations, Tensor weight)
    {
        var (height, width) = ((int)activations.shape[2], (int)activations.shape[3]);
        var tile = activations.dtype == ScalarType.BFloat16 ? 2 : Products(height, width, 3) < Products(height, width, 4) ? 3 : 4;
        return new WinogradLayer(height, width, (int)activations.shape[1], (int)weight.shape[0], tile);
    }

    /// <summary>The planes of weights, (planes, O, C), in the dtype of activations.</summary>
    public Tensor TransformWeight(Tensor weight)
    {
        var taps = weight.reshape(-1, Kernel * Kernel).t(); // (9, O * C)
        return Filter().matmul(taps).reshape(_input.Planes, _output.Channels, _input.Channels).to(Dtype);
    }

    /// <summary>The weights of planes, (O, C, 3, 3): the adjoint of <see cref="TransformWeight"/>.</summary>
    public Tensor TransformWeightAdjoint(Tensor planes)
    {
        var taps = planes.reshape(_input.Planes, -1).t().matmul(Filter()); // (O * C, 9)
        return taps.reshape(_output.Channels, _input.Channels, Kernel, Kernel);
    }

    /// <summary>The planes of inputs, (planes, tiles, C).</summary>
    public Tensor TransformInput(Tensor pixels) => ToPlanes<WinogradTile4.Input, WinogradTile3.Input, WinogradTile2.Input>(pixels, _input);

    /// <summary>Writes the gradient by the inputs, of that by their planes: the adjoint of <see cref="TransformInput"/>.</summary>
    public void TransformInputAdjoint(Tensor planes, Tensor pixels) =>
        Run<WinogradTile4.InputAdjoint, WinogradTile3.InputAdjoint, WinogradTile2.InputAdjoint>(pixels, _input, planes, toPlanes: false);

    /// <summary>Writes the results of planes, (planes, tiles, O).</summary>
    public void TransformOutput(Tensor planes, Tensor pixels) =>
        Run<WinogradTile4.Output, WinogradTile3.Output, WinogradTile2.Output>(pixels, _output, planes, toPlanes: false);

    /// <summary>The gradient by the planes of results, (planes, tiles, O): the adjoint of <see cref="TransformOutput"/>.</summary>
    public Tensor TransformOutputAdjoint(Tensor pixels) =>
        ToPlanes<WinogradTile4.OutputAdjoint, WinogradTile3.OutputAdjoint, WinogradTile2.OutputAdjoint>(pixels, _output);

    private static long Products(long height, long width, int tile) =>
        ((height + tile - 1) / tile) * ((width + tile - 1) / tile) * (tile + 2) * (tile + 2);

    private static Tensor ToPlanes<TFour, TThree, TTwo>(Tensor pixels, WinogradGrid grid)
        where TFour : struct, IWinogradTransform
        where TThree : struct, IWinogradTransform
        where TTwo : struct, IWinogradTransform
    {
        var planes = PlaneGrid.Empty(grid.Planes, pixels.shape[0] * grid.Tiles, grid.Channels, pixels.dtype);
        Run<TFour, TThree, TTwo>(pixels, grid, planes, toPlanes: true);
        return planes;
    }

    private static void Run<TFour, TThree, TTwo>(Tensor pixels, WinogradGrid grid, Tensor planes, bool toPlanes)
        where TFour : struct, IWinogradTransform
        where TThree : struct, IWinogradTransform
        where TTwo : struct, IWinogradTransform
    {
        var (ofPlanes, ofPixels) = (PlaneGrid.Of(planes), (nint)KernelMemory.Pointer<byte>(pixels));
        ParallelRanges.For((int)pixels.shape[0], grid.Tile switch
        {
            4 => (_, start, end) => WinogradKernel<TFour>.Run((float*)ofPixels, grid, ofPlanes, toPlanes, start, end),
            3 => (_, start, end) => WinogradKernel<TThree>.Run((float*)ofPixels, grid, ofPlanes, toPlanes, start, end),
            _ => (_, start, end) => WinogradKernel<TTwo>.Run((ushort*)ofPixels, grid, ofPlanes, toPlanes, start, end),
        });
    }

    // The transform of the filter along both axes, (planes, 9).
    private Tensor Filter()
    {
        var filter = Tile switch { 4 => WinogradTile4.Filter, 3 => WinogradTile3.Filter, _ => WinogradTile2.Filter };
        var axis = tensor(filter, [Tile + 2, Kernel]);
        return kron(axis, axis);
    }
}
