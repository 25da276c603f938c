// Says what a photo shows, what that rests on and whether to believe it: ExplainPrediction MODEL PHOTO [OVERLAY.png]
using PhotoMl;
using PhotoMl.Data;
using PhotoMl.Evaluation;
using PhotoMl.Explanation;
using PhotoMl.IO;
using PhotoMl.Imaging;
using PhotoMl.Models;

if (args.Length is < 2 or > 3)
{
    Console.Error.WriteLine("usage: ExplainPrediction MODEL.safetensors PHOTO [OVERLAY.png]");
    return 1;
}

try
{
    return Run(args);
}
catch (PhotoMlException exception)
{
    // What is wrong with a file, a folder or a model, in one line.
    Console.Error.WriteLine(exception.Message);
    return 2;
}

static int Run(string[] args)
{
    var overlay = args.Length > 2 ? args[2] : "overlay.png";
    if (OutputGuard.FindInput(overlay, args[..2]) is { } input)
    {
        Console.Error.WriteLine($"{overlay}: expected another file than {input}");
        return 1;
    }

    using var classifier = ClassifierFile.Load(args[0]);

    // The classes that 95 of 100 photos are among; none or many of them mean that the network is unsure.
    var sets = classifier.Conformal is null ? null : ConformalSets.Of(classifier, coverage: 0.95);
    var prediction = ClassifierPredictor.Predict(classifier, [new ImageFileEntry(args[1])], sets: sets).Single();
    if (prediction.Problem is { } problem)
    {
        Console.Error.WriteLine($"{args[1]}: {problem}");
        return 2;
    }

    foreach (var candidate in prediction.Ranking.Take(3))
    {
        Console.WriteLine($"{candidate.Label}: {candidate.Probability:P1}");
    }

    if (prediction.Set is { } possible)
    {
        Console.WriteLine(prediction.IsUnsure ? "unsure: it is like nothing known, or like too much" : $"with 95 % coverage: {string.Join(" or ", possible)}");
    }

    // The map is measured too: what it marks is taken away, and put in alone, and so is what random maps mark.
    var photo = PhotoExplainer.Explain(classifier, args[1]);
    File.WriteAllBytes(overlay, new HeatPainter(photo).EncodeOverlayPng(ImageFile.Decode(args[1], 640, 640), side: 640));
    var believable = photo.Explanation.Faithfulness is { IsDeletionBetter: true, IsInsertionBetter: true };
    Console.WriteLine($"{overlay} shows what speaks for {photo.Class}; the map is {(believable ? "better" : "no better")} than random ones");
    return 0;
}
