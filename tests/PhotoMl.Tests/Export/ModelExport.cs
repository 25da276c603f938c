namespace PhotoMl.Tests.Export;

/// <summary>Exports a model file, whatever it holds, as the tool does.</summary>
internal static class ModelExport
{
    public static ExportedModel Export(string modelPath, string outputPath, ExportOptions? options = null)
    {
        if (Generator.IsGenerator(modelPath))
        {
            using var generator = Generator.Load(modelPath);
            return generator.Export(outputPath, options);
        }

        using var classifier = Classifier.Load(modelPath);
        return classifier.Export(outputPath, options);
    }
}
