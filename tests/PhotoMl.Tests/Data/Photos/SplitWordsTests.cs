namespace PhotoMl.Tests.Data;

public sealed class SplitWordsTests
{
    [Theory]
    [InlineData(DatasetSplits.Train, "train", "Training", "trainset", "train_set", "seg_train", "train_images", "TRAIN-DATA", "train2017")]
    [InlineData(DatasetSplits.Train, "training_set", "TrainSet", "my_train_dataset", "1. Train", "trainval", "images_train")]
    [InlineData(DatasetSplits.Validation, "val", "valid", "Validation", "dev", "development", "PublicTest", "val_split", "validation set")]
    [InlineData(DatasetSplits.Test, "test", "Testing", "test_set", "seg_test", "eval", "evaluation", "holdout", "Hold-Out", "PrivateTest")]
    [InlineData(null, "", "set", "data", "images", "latest", "contest", "protest", "tests_of_soil", "trainer", "value", "0", "foo")]
    public void A_word_means_a_split_however_it_is_written(DatasetSplits? split, params string[] words) =>
        Assert.All(words, word => Assert.Equal(split, SplitWords.Find(word)));
}
