namespace PhotoMl.Tests.Models;

/// <summary>Untrained generators whose pictures differ: a fresh one's running statistics are not its own, and it makes even grey.</summary>
internal static class Generators
{
    public static DcganGenerator Create(DcganOptions options, long seed = 1)
    {
        var model = new DcganGenerator(options, seed) { Momentum = 1 };
        using var scope = NewDisposeScope();
        using var withoutGradients = no_grad();
        var labels = options.Classes == 0 ? null : arange(32, ScalarType.Int64).remainder(options.Classes);
        model.Generate(TensorAssert.Normal(seed, 32, options.Latent), labels);
        model.Momentum = 0.01;
        model.eval();
        return model;
    }

    public static LoadedGenerator Loaded(DcganOptions options, long seed = 1)
    {
        var model = Create(options, seed);
        return new LoadedGenerator(model, Info(options), ModelHash.Of(model));
    }

    public static GeneratorInfo Info(DcganOptions options) =>
        new() { Network = options, ClassNames = [.. Enumerable.Range(0, Math.Max(1, options.Classes)).Select(index => $"class {index}")] };
}
