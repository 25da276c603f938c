using System.CommandLine;

namespace PhotoMl.Cli.Help;

/// <summary>Command lines that show what a command is for.</summary>
internal static class HelpExamples
{
    private static readonly Dictionary<string, string[]> Lines = new()
    {
        ["photoml"] = ["photoml train-cnn", "photoml train-cnn --data photos/ --output runs/photos", "photoml predict runs/photos new/ --csv"],
        ["train-cnn"] =
        [
            "photoml train-cnn",
            "photoml train-cnn --data photos/ --balance sampler --per-class",
            "photoml train-cnn --data photos/ --weights resnet18.pth --freeze layer2",
            "photoml train-cnn --resume runs/photos",
        ],
        ["train-gan"] = ["photoml train-gan --epochs 15", "photoml train-gan --conditional --classifier runs/digits"],
        ["evaluate"] = ["photoml evaluate runs/digits", "photoml evaluate runs/photos --data more/ --report look/", "photoml evaluate runs/gan --classifier runs/digits"],
        ["compare"] = ["photoml compare runs/one runs/other --sheet differences.png"],
        ["explain"] = ["photoml explain runs/photos cat.jpg", "photoml explain runs/photos cat.jpg --class dog --method occlusion"],
        ["predict"] = ["photoml predict runs/photos new/", "photoml predict runs/photos new/ --coverage 0.95 --csv"],
        ["sort"] = ["photoml sort runs/photos new/ --into sorted/ --dry-run", "photoml sort --undo sorted/sort-20261126-101500-000.jsonl"],
        ["export"] = ["photoml export runs/photos --format onnx --softmax", "photoml export runs/photos --format pytorch --output photos.pth"],
        ["sample"] = ["photoml sample runs/gan --grid grid.png --seed 7", "photoml sample runs/gan --count 1000 --separate made/"],
        ["whois"] = ["photoml whois grid.png --model runs/gan"],
        ["data list"] = ["photoml data list"],
        ["data get"] = ["photoml data get mnist"],
        ["data check"] = ["photoml data check photos/ --sheet look.png"],
        ["data preview"] = ["photoml data preview photos/ --augment"],
        ["doctor"] = ["photoml doctor"],
    };

    /// <summary>The examples of a command, none where it has none.</summary>
    public static IReadOnlyList<string> Of(Command command) => Lines.GetValueOrDefault(PathOf(command)) ?? [];

    private static string PathOf(Command command) => command is RootCommand
        ? Cli.Name
        : string.Join(' ', command.Parents.OfType<Command>().Where(parent => parent is not RootCommand).Select(parent => parent.Name).Append(command.Name));
}
