// placeholder until the folder is filled
