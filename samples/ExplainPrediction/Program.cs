// Predicts a photo, with the classes that are possible, and draws what the prediction rests on: ExplainPrediction MODEL PHOTO [OVERLAY.png]
using PhotoMl;
using PhotoMl.IO;

if (args.Length is < 2 or > 3)
{
    Console.Error.WriteLine("usage: ExplainPrediction MODEL.safetensors PHOTO [OVERLAY.png]");
    return 1;
}

var overlay = args.Length > 2 ? args[2] : "overlay.png";
try
{
    OutputException.ThrowIfInput(overlay, args[..2]);
    using var classifier = Classifier.Load(args[0]);

    // The true class is in the set of 95 of 100 photos; a set of none or of many means that the network is unsure.
    var prediction = classifier.Predict(args[1], new PredictionOptions { Coverage = classifier.HasCoverage ? 0.95 : null });
    foreach (var candidate in prediction.Ranking.Take(3))
    {
        Console.WriteLine($"{candidate.Label}: {candidate.Probability:P1}");
    }

    if (prediction.Set is { } possible)
    {
        Console.WriteLine(prediction.IsUnsure ? "unsure: it is like nothing known, or like too much" : "with 95 % coverage: "
            + $"{string.Join(" or ", possible)}");
    }

    // The map is measured too: what it marks is taken away, and put in alone, and so is what random maps mark.
    var photo = classifier.Explain(args[1]);
    File.WriteAllBytes(overlay, photo.EncodeOverlayPng());
    Console.WriteLine(
        $"{overlay} shows what speaks for {photo.Class}; the map is {(photo.IsBetterThanRandom ? "better" : "no better")} than random "
        + "ones");
    return 0;
}
catch (PhotoMlException exception)
{
    // What is wrong with a file, a folder or a model, in one line.
    Console.Error.WriteLine(exception.Message);
    return 2;
}
