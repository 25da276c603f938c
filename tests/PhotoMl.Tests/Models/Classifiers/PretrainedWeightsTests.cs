namespace PhotoMl.Tests.Models;

public sealed class PretrainedWeightsTests : FolderTests
{
    private static readonly string[] Names = ["a", "b", "c"];

    private static readonly ClassifierOptions Photos = new()
    {
        Architecture = ClassifierArchitecture.ResNet18, Channels = 3, Height = 32, Width = 32, Classes = 3,
    };

    private static readonly ClassifierOptions Digits = new() { Classes = 3 };

    private static readonly Dictionary<string, (Action<Dictionary<string, Tensor>> Change, string Message)> Faults = new()
    {
        ["missing"] = (tensors => tensors.Remove("layer2.0.bn1.bias"), "layer2.0.bn1.bias of F32, F16, BF16 (128), but found no such"),
        ["shape"] = (
            tensors => tensors["layer1.0.conv1.weight"] = zeros(64, 64, 1, 1),
            "layer1.0.conv1.weight of F32, F16, BF16 (64, 64, 3, 3), but found F32 (64, 64, 1, 1)"),
        ["dtype"] = (tensors => tensors["bn1.weight"] = ones(64, ScalarType.Float64), "F32, F16, BF16 (64), but found F64 (64)"),
        ["counter"] = (tensors => tensors["bn1.num_batches_tracked"] = tensor(1f), "bn1.num_batches_tracked of I64 (), but found F32 ()"),
        ["extra"] = (tensors => tensors["layer1.2.conv1.weight"] = zeros(1), "of the network, but found also layer1.2.conv1.weight"),
        ["head"] = (tensors => tensors["fc.weight"] = zeros(3, 2048), "fc.weight of F32, F16, BF16 (3, 512), but found F32 (3, 2048)"),
        ["channels"] = (
            tensors => tensors["conv1.weight"] = zeros(64, 4, 7, 7),
            "conv1.weight of F32, F16, BF16 (64, 3, 7, 7), but found F32 (64, 4, 7, 7)"),
        ["nan"] = (tensors => tensors["layer4.1.bn2.weight"] = full(512, float.NaN), "finite numbers in layer4.1.bn2.weight"),
        ["overflow"] = (tensors => tensors["bn1.bias"] = full(64, double.PositiveInfinity, ScalarType.Float16), "finite numbers in bn1"),
        ["variance"] = (
            tensors => tensors["bn1.running_var"] = full(64, -1f), "variances of at least 0 in bn1.running_var, but found -1"),
    };

    public static TheoryData<string> FaultNames => [.. Faults.Keys];

    private string Path => Folder.File("weights.safetensors");

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void A_file_of_torchvisions_names_is_taken_over_whatever_its_float_format(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var source = Filled(Photos with { Classes = 7 });
        Write(source, tensors =>
        {
            foreach (var (name, tensor) in tensors.Where(entry => entry.Value.is_floating_point()).ToList())
            {
                tensors[name] = tensor.to(type);
            }
        });
        using var model = ImageClassifier.CreateBlank(Photos);
        var head = model.get_parameter("fc.weight")!.detach().clone();
        var notices = PretrainedWeights.Load(Path, model, Names);

        Assert.Contains("it has 7 classes instead of 3, so the last layer restarts", Assert.Single(notices), StringComparison.Ordinal);
        var (expected, actual) = (source.state_dict(), model.state_dict());
        Assert.All(actual.Where(entry => !entry.Key.StartsWith("fc", StringComparison.Ordinal)), entry =>
            TensorAssert.Equal(entry.Value.is_floating_point() ? expected[entry.Key].to(type) : expected[entry.Key], entry.Value));
        TensorAssert.Equal(head, actual["fc.weight"]);
    }

    [Fact]
    public void A_state_dict_of_pytorch_gives_what_the_same_safetensors_give()
    {
        using var scope = NewDisposeScope();
        using var source = Filled(Photos);
        Write(source, _ => { });
        using var bySafetensors = ImageClassifier.CreateBlank(Photos);
        var notices = PretrainedWeights.Load(Path, bySafetensors, Names);
        StateDictFile.Write(Path, NetworkWeights.Named(source).ToDictionary());
        using var byStateDict = ImageClassifier.CreateBlank(Photos);

        Assert.Equal(notices, PretrainedWeights.Load(Path, byStateDict, Names));
        Assert.Equal(WeightBytes.Of(bySafetensors), WeightBytes.Of(byStateDict));
    }

    [Fact]
    public void Counters_may_be_missing_and_a_last_layer_of_as_many_unnamed_classes_is_taken_over()
    {
        using var scope = NewDisposeScope();
        using var source = Filled(Photos);
        Write(source, tensors =>
        {
            var counters = tensors.Keys.Where(name => name.EndsWith("tracked", StringComparison.Ordinal)).ToList();
            counters.ForEach(name => tensors.Remove(name));
        });
        using var model = ImageClassifier.CreateBlank(Photos);
        var notices = PretrainedWeights.Load(Path, model, Names);

        Assert.Contains("does not name its 3 classes", Assert.Single(notices), StringComparison.Ordinal);
        Assert.Equal(WeightBytes.Of(source), WeightBytes.Of(model));
    }

    [Theory]
    [MemberData(nameof(FaultNames))]
    public void What_does_not_fit_is_named_and_nothing_is_changed(string fault)
    {
        using var scope = NewDisposeScope();
        using var source = Filled(Photos);
        Write(source, Faults[fault].Change);
        using var model = ImageClassifier.CreateBlank(Photos);
        var before = WeightBytes.Of(model);
        AssertRefused(model, Faults[fault].Message);
        Assert.Equal(before, WeightBytes.Of(model));
    }

    [Fact]
    public void Three_channels_become_one_by_their_sum_and_one_becomes_three_by_thirds()
    {
        using var scope = NewDisposeScope();
        using var colour = Filled(Photos);
        Write(colour, _ => { });
        using var grey = ImageClassifier.CreateBlank(Photos with { Channels = 1 });
        Assert.Contains("the three channels of its first layer are added up", PretrainedWeights.Load(Path, grey, Names)[^1]);
        var first = colour.get_parameter("conv1.weight")!.detach();
        var sum = first.select(1, 0) + first.select(1, 1) + first.select(1, 2);
        TensorAssert.Close(sum, grey.get_parameter("conv1.weight")!.detach().squeeze(1), 0, 1e-6);

        Write(grey, _ => { });
        Assert.Contains("each channel gets a third", PretrainedWeights.Load(Path, colour, Names)[^1]);
        TensorAssert.Close(grey.get_parameter("conv1.weight")!.detach(), first.sum([1L], keepdim: true), 0, 1e-6);
    }

    [Theory]
    [InlineData("module.", false, "the prefix module. of its tensors is dropped.")]
    [InlineData("_orig_mod.module.", true, "the prefix _orig_mod.module. of its tensors is dropped, and what lacks it not used (1).")]
    public void The_names_may_have_a_wrapper_s_prefix_and_what_else_there_is_may_be_of_any_dtype(string prefix, bool counts, string notice)
    {
        using var scope = NewDisposeScope();
        using var source = new ConvClassifier(Digits, seed: 2);
        var others = new Dictionary<string, Tensor> { ["n_averaged"] = tensor(3L) };
        SafetensorsFile.Write(Path, [.. NetworkWeights.Named(source, prefix), .. counts ? others : []]);
        using var model = new ConvClassifier(Digits, seed: 3);
        var notices = PretrainedWeights.Load(Path, model, Names);

        Assert.Equal($"{Path}: {notice}", notices[0]);
        Assert.Equal(2, notices.Count);
        Assert.Equal(WeightBytes.Of(source), WeightBytes.Of(model));
    }

    [Fact]
    public void Two_networks_in_a_file_are_refused_and_a_tensor_of_an_unknown_dtype_is_left_out()
    {
        using var scope = NewDisposeScope();
        using var source = new ConvClassifier(Digits, seed: 2);
        using var model = new ConvClassifier(Digits, seed: 3);
        SafetensorsFile.Write(Path, [.. NetworkWeights.Named(source, "model."), .. NetworkWeights.Named(source, "ema.")]);
        AssertRefused(model, "the tensors of one network, but found those of model., ema.");

        var withoutLast = NetworkWeights.Named(source, "backbone.").SkipLast(2); // as of networks without a classifier
        SafetensorsFile.Write(Path, [.. withoutLast, new("head.weight", zeros(4))]);
        AssertRefused(model, "also dense2.weight, dense2.bias behind the prefix backbone., but found no such tensor");
        File.WriteAllText(Path, "no weights");
        AssertRefused(model, "expected a safetensors file or a state_dict of PyTorch, but found a text that begins with 'no weights'");

        SafetensorsFile.Write(Path, [.. NetworkWeights.Named(source), new("scale", zeros(4, ScalarType.Int8))]);
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(Path)).Replace("\"I8\"", "\"F8\"", StringComparison.Ordinal);
        File.WriteAllBytes(Path, Encoding.Latin1.GetBytes(text));
        Assert.Contains($"{Path}: scale, F8 (4), is not used.", PretrainedWeights.Load(Path, model, Names));
        Assert.Equal(WeightBytes.Of(source), WeightBytes.Of(model));
    }

    [Fact]
    public void A_model_of_the_same_classes_gives_all_and_one_of_others_all_but_the_last_layer()
    {
        using var scope = NewDisposeScope();
        using var source = new ConvClassifier(Digits, seed: 2);
        SavedModels.Save(Path, source, names: Names);
        using var same = new ConvClassifier(Digits, seed: 3);
        Assert.Empty(PretrainedWeights.Load(Path, same, Names));
        Assert.Equal(WeightBytes.Of(source), WeightBytes.Of(same));

        using var other = new ConvClassifier(Digits, seed: 3);
        var notice = Assert.Single(PretrainedWeights.Load(Path, other, ["a", "c", "b"]));
        Assert.Contains("its classes are others (a, b, c), so the last layer", notice);
        TensorAssert.Equal(source.get_parameter("dense1.weight")!.detach(), other.get_parameter("dense1.weight")!.detach());
        Assert.False(source.get_parameter("dense2.weight")!.equal(other.get_parameter("dense2.weight")!).all().item<bool>());
    }

    [Fact]
    public void A_convnet_of_another_image_size_gives_its_convolutions()
    {
        using var scope = NewDisposeScope();
        using var source = new ConvClassifier(Digits, seed: 2);
        SavedModels.Save(Path, source, names: Names);
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
        using var model = ImageClassifier.CreateBlank(Photos);

        AssertRefused(model, "no such file");
        SavedModels.Save(Path, source, names: Names);
        AssertRefused(model, "expected the weights of a resnet18, but found those of a convnet");
        SafetensorsFile.Write(Path, [new("model.conv1.weight", ones(1))]);
        using var convnet = new ConvClassifier(Digits);
        AssertRefused(convnet, "expected conv1.weight");
    }

    private static ImageClassifier Filled(ClassifierOptions network)
    {
        var model = ImageClassifier.CreateBlank(network);
        using var withoutGradients = no_grad();
        foreach (var (index, parameter) in model.parameters().Index())
        {
            _ = index == 0 ? parameter.normal_() : parameter.fill_(index);
        }

        return model;
    }

    private void Write(ImageClassifier model, Action<Dictionary<string, Tensor>> change)
    {
        var tensors = NetworkWeights.Named(model).ToDictionary(entry => entry.Key, entry => entry.Value.detach().clone());
        change(tensors);
        SafetensorsFile.Write(Path, tensors);
    }

    private void AssertRefused(ImageClassifier model, string message)
    {
        var exception = Assert.Throws<InvalidModelException>(() => PretrainedWeights.Load(Path, model, Names));
        Assert.StartsWith($"{Path}: expected ", exception.Message);
        Assert.Contains(message, exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }
}
