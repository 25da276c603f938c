namespace PhotoMl.Tests.Models;

public sealed class PretrainedWeightsTests : IDisposable
{
    private static readonly string[] Names = ["a", "b", "c"];

    // Without a seed their networks have torch's own random weights, which differ and are there sooner.
    private static readonly ClassifierOptions Photos = new() { Architecture = ClassifierArchitecture.ResNet18, Channels = 3, Height = 32, Width = 32, Classes = 3 };
    private static readonly ClassifierOptions Digits = new() { Classes = 3 };

    private static readonly Dictionary<string, (Action<Dictionary<string, Tensor>> Change, string Message)> Faults = new()
    {
        ["missing"] = (tensors => tensors.Remove("layer2.0.bn1.bias"), "expected layer2.0.bn1.bias of F32, F16, BF16 (128), but found no such tensor"),
        ["shape"] = (tensors => tensors["layer1.0.conv1.weight"] = zeros(64, 64, 1, 1), "expected layer1.0.conv1.weight of F32, F16, BF16 (64, 64, 3, 3), but found F32 (64, 64, 1, 1)"),
        ["dtype"] = (tensors => tensors["bn1.weight"] = ones(64, ScalarType.Float64), "expected bn1.weight of F32, F16, BF16 (64), but found F64 (64)"),
        ["counter"] = (tensors => tensors["bn1.num_batches_tracked"] = tensor(1f), "expected bn1.num_batches_tracked of I64 (), but found F32 ()"),
        ["extra"] = (tensors => tensors["layer1.2.conv1.weight"] = zeros(1), "the tensors of the network, but found also layer1.2.conv1.weight"),
        ["head"] = (tensors => tensors["fc.weight"] = zeros(3, 2048), "expected fc.weight of F32, F16, BF16 (3, 512), but found F32 (3, 2048)"),
        ["channels"] = (tensors => tensors["conv1.weight"] = zeros(64, 4, 7, 7), "expected conv1.weight of F32, F16, BF16 (64, 3, 7, 7), but found F32 (64, 4, 7, 7)"),
        ["nan"] = (tensors => tensors["layer4.1.bn2.weight"] = full(512, float.NaN), "finite weights in layer4.1.bn2.weight"),
        ["overflow"] = (tensors => tensors["bn1.bias"] = full(64, double.PositiveInfinity, ScalarType.Float16), "finite weights in bn1.bias"),
        ["variance"] = (tensors => tensors["bn1.running_var"] = full(64, -1f), "variances of at least 0 in bn1.running_var, but found -1"),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> FaultNames => [.. Faults.Keys];

    private string Path => _folder.File("weights.safetensors");

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void A_file_of_torchvisions_names_is_taken_over_whatever_its_float_format(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var source = new ResNet18Classifier(Photos with { Classes = 7 }, seed: null);
        Write(source, tensors =>
        {
            foreach (var (name, tensor) in tensors.Where(entry => entry.Value.is_floating_point()).ToList())
            {
                tensors[name] = tensor.to(type);
            }
        });
        using var model = new ResNet18Classifier(Photos, seed: null);
        var head = model.get_parameter("fc.weight")!.detach().clone();
        var notices = PretrainedWeights.Load(Path, model, Names);

        Assert.Contains("it has 7 classes instead of 3, so the last layer restarts", Assert.Single(notices), StringComparison.Ordinal);
        var (expected, actual) = (source.state_dict(), model.state_dict());
        Assert.All(actual.Keys.Where(name => !name.StartsWith("fc", StringComparison.Ordinal)), name =>
            TensorAssert.Equal(expected[name].is_floating_point() ? expected[name].to(type).to(ScalarType.Float32) : expected[name], actual[name]));
        TensorAssert.Equal(head, actual["fc.weight"]);
    }

    [Fact]
    public void A_state_dict_of_pytorch_gives_what_the_same_safetensors_give()
    {
        using var scope = NewDisposeScope();
        using var source = new ResNet18Classifier(Photos, seed: null);
        Write(source, _ => { });
        using var bySafetensors = new ResNet18Classifier(Photos, seed: null);
        var notices = PretrainedWeights.Load(Path, bySafetensors, Names);
        StateDictFile.Write(Path, NetworkWeights.Named(source).ToDictionary());
        using var byStateDict = new ResNet18Classifier(Photos, seed: null);

        Assert.Equal(notices, PretrainedWeights.Load(Path, byStateDict, Names));
        Assert.Equal(WeightBytes.Of(bySafetensors), WeightBytes.Of(byStateDict));
    }

    [Fact]
    public void Counters_may_be_missing_and_a_last_layer_of_as_many_unnamed_classes_is_taken_over()
    {
        using var scope = NewDisposeScope();
        using var source = new ResNet18Classifier(Photos, seed: null);
        Write(source, tensors =>
        {
            foreach (var name in tensors.Keys.Where(name => name.EndsWith("tracked", StringComparison.Ordinal)).ToList())
            {
                tensors.Remove(name);
            }
        });
        using var model = new ResNet18Classifier(Photos, seed: null);
        var notices = PretrainedWeights.Load(Path, model, Names);

        Assert.Contains("does not name its 3 classes", Assert.Single(notices), StringComparison.Ordinal);
        Assert.Equal(WeightBytes.Of(source), WeightBytes.Of(model));
    }

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void What_does_not_fit_is_named_and_nothing_is_changed(string fault)
    {
        using var scope = NewDisposeScope();
        using var source = new ResNet18Classifier(Photos, seed: null);
        Write(source, Faults[fault].Change);
        using var model = new ResNet18Classifier(Photos, seed: null);
        var before = WeightBytes.Of(model);
        var exception = Assert.Throws<InvalidModelException>(() => PretrainedWeights.Load(Path, model, Names));

        Assert.Contains(Faults[fault].Message, exception.Message, StringComparison.Ordinal);
        Assert.Contains(Path, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.Equal(before, WeightBytes.Of(model));
    }

    [Fact]
    public void Three_channels_become_one_by_their_sum_and_one_becomes_three_by_thirds()
    {
        using var scope = NewDisposeScope();
        using var colour = new ResNet18Classifier(Photos, seed: null);
        Write(colour, _ => { });
        using var grey = new ResNet18Classifier(Photos with { Channels = 1 }, seed: null);
        var notices = PretrainedWeights.Load(Path, grey, Names);

        Assert.Contains(notices, notice => notice.Contains("the three channels of its first layer are added up", StringComparison.Ordinal));
        var weight = colour.get_parameter("conv1.weight")!.detach();
        TensorAssert.Close(weight[TensorIndex.Colon, 0] + weight[TensorIndex.Colon, 1] + weight[TensorIndex.Colon, 2], grey.get_parameter("conv1.weight")!.detach().squeeze(1), 0, 1e-6);

        Write(grey, _ => { });
        Assert.Contains(PretrainedWeights.Load(Path, colour, Names), notice => notice.Contains("each channel gets a third", StringComparison.Ordinal));
        TensorAssert.Close(grey.get_parameter("conv1.weight")!.detach(), colour.get_parameter("conv1.weight")!.detach().sum([1L], keepdim: true), 0, 1e-6);
    }

    [Fact]
    public void A_model_of_the_same_classes_gives_all_and_one_of_others_all_but_the_last_layer()
    {
        using var scope = NewDisposeScope();
        using var source = new ConvClassifier(Digits, seed: 2);
        Save(source, Names);
        using var same = new ConvClassifier(Digits, seed: 3);
        Assert.Empty(PretrainedWeights.Load(Path, same, Names));
        Assert.Equal(WeightBytes.Of(source), WeightBytes.Of(same));

        using var other = new ConvClassifier(Digits, seed: 3);
        Assert.Contains("its classes are others (a, b, c), so the last layer", Assert.Single(PretrainedWeights.Load(Path, other, ["a", "c", "b"])), StringComparison.Ordinal);
        TensorAssert.Equal(source.get_parameter("dense1.weight")!.detach(), other.get_parameter("dense1.weight")!.detach());
        Assert.False(source.get_parameter("dense2.weight")!.equal(other.get_parameter("dense2.weight")!).all().item<bool>());
    }

    [Fact]
    public void A_convnet_of_another_image_size_gives_its_convolutions()
    {
        using var scope = NewDisposeScope();
        using var source = new ConvClassifier(Digits, seed: 2);
        Save(source, Names);
        using var model = new ConvClassifier(Digits with { Height = 40, Width = 36, Channels = 3 }, seed: 3);
        var notices = PretrainedWeights.Load(Path, model, Names);

        Assert.Contains(notices, notice => notice.Contains("dense1 and dense2 restart", StringComparison.Ordinal));
        TensorAssert.Equal(source.get_parameter("conv3.weight")!.detach(), model.get_parameter("conv3.weight")!.detach());
    }

    [Fact]
    public void Another_network_a_missing_file_and_a_checkpoint_are_refused()
    {
        using var scope = NewDisposeScope();
        using var source = new ConvClassifier(Digits, seed: 2);
        using var model = new ResNet18Classifier(Photos, seed: null);

        Assert.Contains("no such file", Assert.Throws<InvalidModelException>(() => PretrainedWeights.Load(Path, model, Names)).Message, StringComparison.Ordinal);
        Save(source, Names);
        Assert.Contains(
            "expected the weights of a resnet18, but found those of a convnet",
            Assert.Throws<InvalidModelException>(() => PretrainedWeights.Load(Path, model, Names)).Message,
            StringComparison.Ordinal);
        SafetensorsWriter.Write(Path, NetworkWeights.Named(source, "model."), new Dictionary<string, string>());
        using var convnet = new ConvClassifier(Digits);
        Assert.Contains("expected conv1.weight", Assert.Throws<InvalidModelException>(() => PretrainedWeights.Load(Path, convnet, Names)).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Write(ImageClassifier model, Action<Dictionary<string, Tensor>> change)
    {
        var tensors = NetworkWeights.Named(model).ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());
        change(tensors);
        SafetensorsWriter.Write(Path, tensors, new Dictionary<string, string>());
    }

    private void Save(ImageClassifier model, IReadOnlyList<string> names)
    {
        var (options, info) = (model.Options, new ClassifierInfo
        {
            Network = model.Options,
            ClassNames = names,
            Preprocessing = ImagePreprocessing.ForPhotos(model.Options.Channels, model.Options.Height) with { Width = model.Options.Width },
        });
        using var images = zeros([1, options.Channels, options.Height, options.Width], ScalarType.Byte);
        ClassifierFile.Save(Path, model, info);
    }
}
