namespace PhotoMl.Cli.Help;

/// <summary>Command lines that show what a command is for.</summary>
internal static class HelpExamples
{
    private static readonly Dictionary<string, string[]> Lines = new()
    {
        ["photoml"] =
            ["photoml train-cnn", "photoml train-cnn --data photos/ --output runs/photos", "photoml predict runs/photos new/ --csv"],
        ["photoml train-cnn"] =
        [
            "photoml train-cnn",
            "photoml train-cnn --data photos/ --balance sampler --per-class",
            "photoml train-cnn --data photos/ --weights resnet18.pth --freeze layer2",
            "photoml train-cnn --resume runs/photos",
        ],
        ["photoml train-gan"] = ["photoml train-gan --epochs 15", "photoml train-gan --data digits --classifier runs/digits"],
        ["photoml tune"] = ["photoml tune --data photos/ --budget 2h", "photoml tune --budget 10m --learning-rate 0.003"],
        ["photoml evaluate"] =
            ["photoml evaluate runs/digits", "photoml evaluate runs/photos --data more/ --report report/", "photoml evaluate runs/gan "
                + "--classifier runs/digits"],
        ["photoml compare"] = ["photoml compare runs/one runs/other --sheet differences.png"],
        ["photoml explain"] = ["photoml explain runs/photos cat.jpg", "photoml explain runs/photos cat.jpg --class dog --method occlusion"],
        ["photoml predict"] = ["photoml predict runs/photos new/", "photoml predict runs/photos new/ --coverage 0.95 --csv"],
        ["photoml sort"] =
            ["photoml sort runs/photos new/ --into sorted/ --dry-run", "photoml sort --undo sorted/sort-20261126-101500-000.jsonl"],
        ["photoml export"] = ["photoml export runs/photos --output photos.onnx --softmax", "photoml export runs/photos --format pytorch"],
        ["photoml sample"] =
            ["photoml sample runs/gan --grid grid.png --seed 7", "photoml sample runs/gan --count 1000 --output-dir made/"],
        ["photoml verify"] = ["photoml verify grid.png --model runs/gan"],
        ["photoml data"] = ["photoml data list", "photoml data check photos/"],
        ["photoml data list"] = ["photoml data list"],
        ["photoml data get"] = ["photoml data get mnist"],
        ["photoml data check"] = ["photoml data check photos/ --sheet suspicious.png"],
        ["photoml data preview"] = ["photoml data preview photos/ --augment"],
        ["photoml doctor"] = ["photoml doctor"],
    };

    /// <summary>The examples of a command.</summary>
    public static IReadOnlyList<string> Of(Command command) => Lines.GetValueOrDefault(Cli.PathOf(command)) ?? [];
}
